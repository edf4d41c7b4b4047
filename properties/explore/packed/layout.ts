// Where each variable of a shape stands: a field of a record while it is worked on, a few bits of a word while it is kept.
import type { Members, Shape } from '../../../model/abstract/shape.ts'

/** One number of a state. */
export type Field = {
  /** As a path, for people: `replicas[1].log[0].id`. */
  readonly path: string
  readonly kind: 'integer' | 'member' | 'subset'
  /** Which members a `member` or `subset` names; null for plain numbers. */
  readonly of: Members | null
  /** The record that it is a field of, as a number of `Place`s in the order in which they are met, and its name there. */
  readonly record: number
  readonly name: string
  /** The least value, which is kept as 0. */
  readonly least: number
  readonly word: number
  readonly shift: number
  readonly bits: number
}

/** A record of the shape, as something to make a view of. */
export type Place =
  | { readonly kind: 'number'; readonly field: number }
  | { readonly kind: 'record'; readonly index: number; readonly fields: Readonly<Record<string, Place>> }
  | { readonly kind: 'list'; readonly items: readonly Place[]; readonly by: Members | null }

export type Layout = {
  readonly fields: readonly Field[]
  readonly root: Place
  /** 32-bit words of one kept state. */
  readonly words: number
}

/** Gives every number of a shape its place and its bits, in order; no number spans two words. */
export function layoutOf(shape: Shape): Layout {
  const fields: Field[] = []
  let records = 0
  let word = 0
  let used = 0
  const place = (part: Shape, path: string, index: number, record: number, name: string): Place => {
    switch (part.kind) {
      case 'record': {
        const mine = records
        records += 1
        const named = Object.entries(part.fields).map(
          ([field, shape]) => [field, place(shape, path === '' ? field : `${path}.${field}`, 0, mine, field)] as const,
        )
        return { kind: 'record', index, fields: Object.fromEntries(named) }
      }
      case 'list': {
        const by = typeof part.length === 'number' ? null : part.length
        const length = typeof part.length === 'number' ? part.length : part.length.size
        const items = Array.from({ length }, (_, i) => place(part.item, `${path}[${i}]`, i, record, name))
        return { kind: 'list', items, by }
      }
      case 'integer':
      case 'member':
      case 'subset': {
        const { least, most } = rangeOf(part)
        const bits = Math.max(1, 32 - Math.clz32(most - least))
        if (used + bits > 32) {
          word += 1
          used = 0
        }
        const of = part.kind === 'integer' ? null : part.of
        fields.push({ path, kind: part.kind, of, record, name, least, word, shift: used, bits })
        used += bits
        return { kind: 'number', field: fields.length - 1 }
      }
    }
  }
  const root = place(shape, '', 0, 0, '')
  return { fields, root, words: word + 1 }
}

function rangeOf(shape: Extract<Shape, { kind: 'integer' | 'member' | 'subset' }>) {
  switch (shape.kind) {
    case 'integer':
      return { least: shape.least, most: shape.most }
    case 'member':
      return { least: -1, most: shape.of.size - 1 }
    case 'subset':
      return { least: 0, most: 2 ** shape.of.size - 1 }
  }
}
