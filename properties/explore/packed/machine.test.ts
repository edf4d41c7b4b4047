import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Shape } from '../../../model/abstract/shape.ts'
import { listOf, memberOf, optionalUpTo, record, subsetOf, upTo } from '../../../model/abstract/shape.ts'
import { specOf, usually } from '../specs.ts'
import { compilePack, compileRenamedPack, compileUnpack, type Pack } from './compile.ts'
import { type Layout, layoutOf } from './layout.ts'
import { Machine } from './machine.ts'
import { viewsOf } from './views.ts'

const members = { name: 'm', size: 3 }

const number = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(upTo),
  fc.integer({ min: 0, max: 9 }).map(optionalUpTo),
  fc.constant(memberOf(members)),
  fc.constant(subsetOf(members)),
)
const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), number, { minKeys: 1 }).map(record)
const shapes: fc.Arbitrary<Shape> = fc
  .tuple(fields, fields, fc.integer({ min: 1, max: 7 }))
  .map(([own, item, length]) => record({ ...own.fields, fixed: listOf(length, item), each: listOf(members, item) }))

/** A state of a shape: each of its numbers somewhere in its range. */
const shapesAndStates = shapes.chain(shape => {
  const layout = layoutOf(shape)
  const numbers = layout.fields.map(({ least, bits, kind, of }) => {
    const most = kind === 'member' ? (of?.size ?? 0) - 1 : least + 2 ** bits - 1
    return fc.integer({ min: least, max: most })
  })
  return fc.tuple(fc.constant(layout), fc.tuple(...numbers))
})

/** Packing and unpacking of one shape, by way of views. */
function coder(layout: Layout) {
  const { next } = viewsOf(layout)
  const unpack = compileUnpack(layout, next)
  const packedBy = (pack: Pack, from: Int32Array) => {
    const to = new Int32Array(layout.words + 2)
    unpack(from, 0)
    pack(to, 1)
    expect([to[0], to.at(-1)]).toEqual([0, 0])
    return to.slice(1, -1)
  }
  return {
    /** The numbers of a state written into the views by hand, packed. */
    packed: (numbers: readonly number[]) => {
      const to = new Int32Array(layout.words)
      for (const [i, { record, name }] of layout.fields.entries()) {
        const view = next.records[record]
        if (view !== undefined) view[name] = numbers[i]
      }
      compilePack(layout, next)(to, 0)
      return to
    },
    repacked: (from: Int32Array) => packedBy(compilePack(layout, next), from),
    renamed: (from: Int32Array, to: readonly number[]) => packedBy(compileRenamedPack(layout, next, 'm', to), from),
    numbers: (from: Int32Array) => {
      unpack(from, 0)
      return layout.fields.map(({ record, name }) => next.records[record]?.[name])
    },
  }
}

test('unpacking a packed state gives it back, whatever its shape', () => {
  fc.assert(
    fc.property(shapesAndStates, ([layout, numbers]) => {
      const { packed, repacked, numbers: unpacked } = coder(layout)
      expect(unpacked(packed(numbers))).toEqual(numbers)
      expect(repacked(packed(numbers))).toEqual(packed(numbers))
    }),
  )
})

test('renaming a state and renaming it back gives it back', () => {
  fc.assert(
    fc.property(shapesAndStates, ([layout, numbers]) => {
      const { packed, renamed } = coder(layout)
      const state = packed(numbers)
      expect(renamed(renamed(state, [1, 2, 0]), [2, 0, 1])).toEqual(state)
    }),
  )
})

test('renaming moves a member’s own item with it, and every mention of it', () => {
  const item = record({ n: upTo(7) })
  const layout = layoutOf(record({ who: memberOf(members), some: subsetOf(members), each: listOf(members, item) }))
  const { packed, renamed, numbers } = coder(layout)
  // Member 0 becomes 2, 1 becomes 0, 2 becomes 1.
  expect(numbers(renamed(packed([0, 0b011, 5, 6, 7]), [2, 0, 1]))).toEqual([2, 0b101, 6, 7, 5])
})

test('a batch without room for the successors of a state is refused', () => {
  const machine = new Machine(specOf(usually('kip-320')), false)
  const first = machine.successor.slice()
  expect(() => machine.successorsInto(new Int32Array(machine.words), 0, first, 0)).toThrow(
    'more successors than a batch',
  )
})
