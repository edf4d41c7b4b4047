// Turns a layout into straight-line code: unpacking into views, packing out of them, copying from one to the other.
//
// The code is generated because a loop over fields would cost more than all else that a search does with a state. It is
// made of nothing but the numbers of the layout and the names of the shape's fields.
import type { Field, Layout, Place } from './layout.ts'
import type { Views } from './views.ts'

/** Reads a packed state at `at`, into the views that it was made for. */
export type Unpack = (from: Int32Array, at: number) => void
/** Writes the state in the views that it was made for, packed, at `at`. */
export type Pack = (to: Int32Array, at: number) => void

export function compileUnpack({ fields }: Layout, views: Views): Unpack {
  const words = [...new Set(fields.map(({ word }) => word))]
  return generated<Unpack>(
    { v: views },
    ['from', 'at'],
    [
      ...words.map(word => `const w${word} = from[at + ${word}]`),
      ...fields.map(field => `${nameIn('v', field)} = ${unpacked(field, `w${field.word}`)}`),
    ],
  )
}

export function compilePack(layout: Layout, views: Views): Pack {
  return generated<Pack>(
    { v: views },
    ['to', 'at'],
    packing(layout, field => nameIn('v', field)),
  )
}

/** Copies every number of one state to another. */
export function compileCopy({ fields }: Layout, to: Views, from: Views): () => void {
  return generated<() => void>(
    { v: to, w: from },
    [],
    fields.map(field => `${nameIn('v', field)} = ${nameIn('w', field)}`),
  )
}

/** Packs the state that a renaming of members gives: member m becomes `to[m]`, wherever it is named or indexes a list. */
export function compileRenamedPack(layout: Layout, views: Views, name: string, to: readonly number[]): Pack {
  const { fields } = layout
  const sources = renamedFields(layout.root, name, to)
  const value = (field: Field, i: number): string => {
    const source = nameIn('v', fields[sources[i] ?? i] ?? field)
    if (field.of?.name !== name) return source
    return field.kind === 'member' ? `members[${source} + 1]` : `sets[${source}]`
  }
  const constants = { v: views, members: Int32Array.of(-1, ...to), sets: subsetTable(to) }
  return generated<Pack>(constants, ['to', 'at'], packing(layout, value))
}

function packing({ fields, words }: Layout, value: (field: Field, index: number) => string): readonly string[] {
  const parts = fields.map((field, i) => packed(field, value(field, i)))
  return Array.from({ length: words }, (_, word) => {
    const mine = parts.filter((_part, i) => fields[i]?.word === word)
    return `to[at + ${word}] = ${mine.join(' | ') || '0'}`
  })
}

/** For each field of the renamed state, the field that its number comes from. */
function renamedFields(root: Place, name: string, to: readonly number[]): readonly number[] {
  const sources: number[] = []
  const pair = (after: Place, before: Place): void => {
    if (after.kind === 'number' && before.kind === 'number') sources[after.field] = before.field
    if (after.kind === 'record' && before.kind === 'record') {
      for (const [field, place] of Object.entries(after.fields)) pair(place, before.fields[field] ?? place)
    }
    if (after.kind === 'list' && before.kind === 'list') {
      const isRenamed = after.by?.name === name
      before.items.forEach((item, i) => {
        const place = after.items[isRenamed ? (to[i] ?? i) : i]
        if (place !== undefined) pair(place, item)
      })
    }
  }
  pair(root, root)
  return sources
}

/** For each set of members, the set of what they become. */
function subsetTable(to: readonly number[]): Int32Array {
  return Int32Array.from({ length: 2 ** to.length }, (_, set) =>
    to.reduce((renamed, after, before) => (((set >> before) & 1) === 1 ? renamed | (1 << after) : renamed), 0),
  )
}

function unpacked({ shift, bits, least }: Field, word: string): string {
  const raw = `(${word} >>> ${shift}) & ${2 ** bits - 1}`
  return least === 0 ? raw : `(${raw}) - ${-least}`
}

function packed({ shift, least }: Field, value: string): string {
  const raw = least === 0 ? value : `(${value} + ${-least})`
  return shift === 0 ? raw : `(${raw} << ${shift})`
}

function nameIn(views: string, { record, name }: Field): string {
  return `${views}${record}.${name}`
}

/** A function of `parameters`, in which the records of views named `v` are `v0`, `v1` and so on. */
function generated<F>(
  constants: Readonly<Record<string, Views | Int32Array>>,
  parameters: readonly string[],
  lines: readonly string[],
): F {
  const names = Object.keys(constants)
  const records = Object.entries(constants).flatMap(([name, value]) =>
    'records' in value ? value.records.map((_, i) => `const ${name}${i} = ${name}.records[${i}]`) : [],
  )
  const text = [...records, `return (${parameters.join(', ')}) => {`, ...lines, '}'].join('\n')
  return new Function(...names, text)(...Object.values(constants)) as F
}
