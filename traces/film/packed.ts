// A film as a short text. After every step there is a whole observation in it, most of which is what it was before: each
// value is stored once, and whatever holds it says where.
//
//   [[…values], root]   null, a boolean, a number or a string stands for itself; [0, …places] is an array of the values at
//                       these places; [1, shape, …places] an object, whose names are the array of strings at `shape`
import type { Json } from './film.ts'

/** Stores equal values once. The inverse of `unpacked`. */
export function packed(value: Json): string {
  const places = new Map<string, number>()
  const known = new Map<object, number>()
  const values: string[] = []
  const placeOf = (text: string): number => {
    const place = places.get(text)
    if (place !== undefined) return place
    places.set(text, values.length)
    return values.push(text) - 1
  }
  const store = (one: Json): number => {
    if (one === null || typeof one !== 'object') return placeOf(JSON.stringify(one))
    const before = known.get(one)
    if (before !== undefined) return before
    const place = placeOf(isArray(one) ? arrayText(one) : objectText(one))
    known.set(one, place)
    return place
  }
  const arrayText = (array: readonly Json[]): string => `[${[0, ...array.map(store)].join()}]`
  const objectText = (object: { readonly [name: string]: Json }): string => {
    const entries = Object.entries(object).filter(([, held]) => held !== undefined)
    const shape = store(entries.map(([name]) => name))
    return `[${[1, shape, ...entries.map(([, held]) => store(held))].join()}]`
  }
  const root = store(value)
  return `[[${values.join()}],${root}]`
}

/** What was packed; equal parts are the same objects. Throws when the text is something else. */
export function unpacked(text: string): Json {
  const read: unknown = JSON.parse(text)
  if (!Array.isArray(read) || !Array.isArray(read[0])) throw new Error('this is not a packed film')
  const [stored, root]: readonly unknown[] = read
  if (!Array.isArray(stored) || typeof root !== 'number') throw new Error('this is not a packed film')
  const values: Json[] = []
  const at = (place: unknown): Json => {
    const value = typeof place === 'number' ? values[place] : undefined
    if (value === undefined) throw new Error('a packed film points at what it does not have')
    return value
  }
  // A value only points at values before it.
  for (const one of stored) values.push(Array.isArray(one) ? opened(one, at) : one)
  return at(root)
}

function opened([kind, ...places]: readonly unknown[], at: (place: unknown) => Json): Json {
  if (kind === 0) return places.map(at)
  const names = at(places[0])
  if (kind !== 1 || !isArray(names)) throw new Error('a packed film has a value of an unknown kind')
  return Object.fromEntries(names.map((name, index) => [String(name), at(places[index + 1])]))
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
