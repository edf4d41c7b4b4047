// Turns a layout into straight-line code: packing, unpacking, and views through which a specification sees its variables.
//
// The code is generated because a loop over fields would cost more than all else that a search does with a state. It is
// made of nothing but the numbers of the layout and the names of the shape's fields.
import type { Field, Layout, Place } from './layout.ts'

/** Reads `words` numbers of `from` at `at` into the slots. */
export type Unpack = (slots: Int32Array, from: Int32Array, at: number) => void
/** Writes the slots into `words` numbers of `to` at `at`. */
export type Pack = (slots: Int32Array, to: Int32Array, at: number) => void

export function compileUnpack({ fields }: Layout): Unpack {
  const words = [...new Set(fields.map(({ word }) => word))]
  return generated<Unpack>(
    ['slots', 'from', 'at'],
    [
      ...words.map(word => `const w${word} = from[at + ${word}]`),
      ...fields.map(field => `slots[${field.slot}] = ${unpacked(field, `w${field.word}`)}`),
    ],
  )
}

export function compilePack({ fields, words }: Layout): Pack {
  return generated<Pack>(
    ['slots', 'to', 'at'],
    Array.from({ length: words }, (_, word) => {
      const parts = fields.filter(field => field.word === word).map(field => packed(field, `slots[${field.slot}]`))
      return `to[at + ${word}] = ${parts.join(' | ') || '0'}`
    }),
  )
}

/** Copies all slots. */
export function compileCopy({ fields }: Layout): (to: Int32Array, from: Int32Array) => void {
  return generated(
    ['to', 'from'],
    fields.map(({ slot }) => `to[${slot}] = from[${slot}]`),
  )
}

/** Packs the state that a renaming of members gives: member m becomes `to[m]`, wherever it is named or indexes a list. */
export function compileRenamedPack(layout: Layout, name: string, to: readonly number[]): Pack {
  const { fields, words } = layout
  const sources = renamedSlots(layout.root, name, to)
  const sets = subsetTable(to)
  const value = (field: Field): string => {
    const slot = `slots[${sources[field.slot] ?? field.slot}]`
    if (field.of?.name !== name) return slot
    return field.kind === 'member' ? `members[${slot} + 1]` : `sets[${slot}]`
  }
  const lines = Array.from({ length: words }, (_, word) => {
    const parts = fields.filter(field => field.word === word).map(field => packed(field, value(field)))
    return `to[at + ${word}] = ${parts.join(' | ') || '0'}`
  })
  const make = new Function('members', 'sets', `return (slots, to, at) => { ${lines.join('\n')} }`)
  return make(Int32Array.of(-1, ...to), sets) as Pack
}

/** For each slot of the renamed state, the slot that its number comes from. */
function renamedSlots(root: Place, name: string, to: readonly number[]): readonly number[] {
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
  const raw = `(${word} >>> ${shift}) & ${mask(bits)}`
  return least === 0 ? raw : `(${raw}) - ${-least}`
}

function packed({ shift, least }: Field, value: string): string {
  const raw = least === 0 ? value : `(${value} + ${-least})`
  return shift === 0 ? raw : `(${raw} << ${shift})`
}

function mask(bits: number): number {
  return 2 ** bits - 1
}

function generated<F>(parameters: readonly string[], lines: readonly string[]): F {
  return new Function(...parameters, lines.join('\n')) as F
}
