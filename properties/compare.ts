// Comparing what the two sides say: plain JSON values, field by field.
//
// Observations are large and change little, so pairs of objects that were found equal are remembered: while both sides
// show the same two objects again, nothing below them is walked. That trusts a side not to change what it has shown;
// the comparison without memory at the end of a run does not.
import type { Difference } from './verdict.ts'

/** Compares what two sides show again and again, and remembers the last pair that was equal. */
export class EqualPairs {
  #model: unknown = null
  #subject: unknown = null

  /** True when both values are equal as JSON, where a field that is `undefined` is a missing one. */
  areEqual(model: unknown, subject: unknown): boolean {
    if (!areEqualSince(model, subject, this.#model, this.#subject)) return false
    this.#model = model
    this.#subject = subject
    return true
  }
}

/** True when both values are equal as JSON, without memory. What they share is not walked. */
export function areEqual(one: unknown, other: unknown): boolean {
  return areEqualSince(one, other, null, null)
}

/** Equal, where a pair of objects that stands in the same place of an equal pair before needs no second look. */
function areEqualSince(model: unknown, subject: unknown, modelBefore: unknown, subjectBefore: unknown): boolean {
  if (model === subject) return true
  if (!isObject(model) || !isObject(subject)) return false
  if (model === modelBefore && subject === subjectBefore) return true
  if (Array.isArray(model)) {
    if (!Array.isArray(subject) || model.length !== subject.length) return false
    const modelItems = Array.isArray(modelBefore) ? modelBefore : none
    const subjectItems = Array.isArray(subjectBefore) ? subjectBefore : none
    const known = Math.min(modelItems.length, subjectItems.length)
    for (let i = 0; i < model.length; i++) {
      if (model[i] === subject[i]) continue
      // Said here too, for lists that only grow: a call for each of their items would be most of the comparison.
      if (i < known && model[i] === modelItems[i] && subject[i] === subjectItems[i]) continue
      if (!areEqualSince(model[i], subject[i], modelItems[i], subjectItems[i])) return false
    }
    return true
  }
  if (Array.isArray(subject)) return false
  const modelFields = isObject(modelBefore) ? modelBefore : noFields
  const subjectFields = isObject(subjectBefore) ? subjectBefore : noFields
  let inBoth = 0
  for (const field in model) {
    const one = model[field]
    const other = subject[field]
    if (other !== undefined) inBoth += 1
    if (one === other) continue
    if (typeof one !== 'object' || typeof other !== 'object') return false
    const oneBefore = modelFields[field]
    const otherBefore = subjectFields[field]
    if (one === oneBefore && other === otherBefore) continue
    if (!areEqualSince(one, other, oneBefore, otherBefore)) return false
  }
  // The subject's fields are counted first: looking each one up in the model would cost as much as all of the above.
  let inSubject = 0
  for (const _ in subject) inSubject += 1
  return inSubject === inBoth || !hasMore(subject, model)
}

function hasMore(subject: Readonly<Record<string, unknown>>, model: Readonly<Record<string, unknown>>): boolean {
  for (const field in subject) if (!(field in model) && subject[field] !== undefined) return true
  return false
}

const none: readonly unknown[] = []
const noFields: Readonly<Record<string, unknown>> = {}

/** The fields on which two values differ, in the model's order, at most `most` of them. Walks everything. */
export function differences(model: unknown, subject: unknown, path: string, most: number): readonly Difference[] {
  const found: Difference[] = []
  collect(model, subject, path, most, found)
  return found
}

function collect(model: unknown, subject: unknown, path: string, most: number, found: Difference[]): void {
  if (found.length >= most || model === subject) return
  if (Array.isArray(model) && Array.isArray(subject)) {
    const length = Math.max(model.length, subject.length)
    for (let i = 0; i < length; i++) {
      if (model[i] !== subject[i]) collect(model[i], subject[i], `${path}[${i}]`, most, found)
    }
  } else if (isObject(model) && isObject(subject) && !Array.isArray(model) && !Array.isArray(subject)) {
    for (const field of fieldsOf(model, subject)) {
      if (model[field] !== subject[field]) collect(model[field], subject[field], `${path}${step(field)}`, most, found)
    }
  } else {
    found.push({ path, model, subject })
  }
}

function fieldsOf(model: object, subject: object): ReadonlySet<string> {
  return new Set([...Object.keys(model), ...Object.keys(subject)])
}

/** The path of a difference for people: `logEndOffset`, where the path of a field of the whole is `.logEndOffset`. */
export function shownPath({ path }: Pick<Difference, 'path'>): string {
  return path.replace(/^\./, '')
}

/** `.name` for a plain name, `["b1>b2"]` for anything else. */
function step(field: string): string {
  return /^[A-Za-z_][A-Za-z_0-9]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
