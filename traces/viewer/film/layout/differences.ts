// The whole observations of both sides as one tree of rows, with what differs marked; closed but for the ways to it.
import type { FilmDifference, Json } from '../../../film/film.ts'

/** A row of the tree. `undefined` where a side has nothing. */
export type Branch = {
  /** Path from the root, as differences name it. */
  readonly path: string
  /** What a reader sees: a field's name or `[3]`. */
  readonly name: string
  readonly model: Json | undefined
  readonly subject: Json | undefined
  /** It is, or is within, something that differs. */
  readonly differs: boolean
  /** Something below it differs. */
  readonly leadsToDifference: boolean
}

/** The branches right below one; of the root with path ''. None when it is a plain value. */
export function branchesBelow(
  path: string,
  model: Json | undefined,
  subject: Json | undefined,
  differing: readonly string[],
): readonly Branch[] {
  const isList = Array.isArray(model ?? subject)
  const names = new Set([...namesIn(model), ...namesIn(subject)])
  return [...names].map(name => {
    const below = isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    return {
      path: below,
      name: isList ? `[${name}]` : name,
      model: within(model, name),
      subject: within(subject, name),
      differs: differing.some(one => one === below || isWithin(below, one)),
      leadsToDifference: differing.some(one => isWithin(one, below)),
    }
  })
}

/** Whether there is anything below a value. */
export function hasBranches(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** Differences of observations, and those of outcomes: what a comparison lists first. */
export function pathsOf(differences: readonly FilmDifference[]): readonly string[] {
  return differences.map(difference => difference.path)
}

/** A value in one line, as JSON. */
export function brief(value: Json | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}

function isWithin(path: string, ancestor: string): boolean {
  return path.startsWith(ancestor) && (path[ancestor.length] === '.' || path[ancestor.length] === '[')
}

function namesIn(value: Json | undefined): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function within(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Array.isArray(value) ? value[Number(name)] : (value as { readonly [name: string]: Json })[name]
}
