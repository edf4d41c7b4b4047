import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Shape } from '../../../model/abstract/shape.ts'
import { listOf, memberOf, optionalUpTo, record, subsetOf, upTo } from '../../../model/abstract/shape.ts'
import { compilePack, compileRenamedPack, compileUnpack } from './compile.ts'
import { layoutOf } from './layout.ts'

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

test('unpacking a packed state gives it back, whatever its shape', () => {
  fc.assert(
    fc.property(shapesAndStates, ([layout, numbers]) => {
      const packed = new Int32Array(layout.words + 2)
      compilePack(layout)(Int32Array.from(numbers), packed, 1)
      const slots = new Int32Array(numbers.length)
      compileUnpack(layout)(slots, packed, 1)
      expect([...slots]).toEqual(numbers)
      expect([packed[0], packed.at(-1)]).toEqual([0, 0])
    }),
  )
})

test('renaming a state and renaming it back gives it back', () => {
  fc.assert(
    fc.property(shapesAndStates, ([layout, numbers]) => {
      const to = [1, 2, 0]
      const back = [2, 0, 1]
      const renamed = new Int32Array(layout.words)
      compileRenamedPack(layout, 'm', to)(Int32Array.from(numbers), renamed, 0)
      const slots = new Int32Array(numbers.length)
      compileUnpack(layout)(slots, renamed, 0)
      const again = new Int32Array(layout.words)
      compileRenamedPack(layout, 'm', back)(slots, again, 0)
      compileUnpack(layout)(slots, again, 0)
      expect([...slots]).toEqual(numbers)
    }),
  )
})

test('renaming moves a member’s own item with it, and every mention of it', () => {
  const layout = layoutOf(
    record({ who: memberOf(members), some: subsetOf(members), each: listOf(members, record({ n: upTo(7) })) }),
  )
  const packed = new Int32Array(layout.words)
  // Member 0 becomes 2, 1 becomes 0, 2 becomes 1.
  compileRenamedPack(layout, 'm', [2, 0, 1])(Int32Array.from([0, 0b011, 5, 6, 7]), packed, 0)
  const slots = new Int32Array(5)
  compileUnpack(layout)(slots, packed, 0)
  expect([...slots]).toEqual([2, 0b101, 6, 7, 5])
})
