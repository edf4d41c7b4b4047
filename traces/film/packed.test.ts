// Packing loses nothing, stores equal values once, and what is no packed value is refused.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from './film.ts'
import { packed, unpacked } from './packed.ts'

const { value: json } = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false, 0, 1, -1.5, '', '0', '[0]', '</script>', '\u2028'),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

test('what was packed is what is unpacked', () => {
  fc.assert(
    fc.property(json, value => {
      expect(unpacked(packed(value))).toEqual(value)
    }),
  )
})

test('equal parts are stored once, and are the same objects afterwards', () => {
  const part = { log: [1, 2, 3], name: 'b1' }
  const many = Array.from({ length: 200 }, () => structuredClone(part))
  const text = packed(many)
  expect(text.length).toBeLessThan(packed([part]).length + 200 * 3)
  const back = unpacked(text)
  expect(Array.isArray(back) && back[0] === back[199]).toBe(true)
})

test.each(['{}', '[]', '[[1],1]', '[[[0,5]],0]', '[[[7]],0]', '[[1],"0"]'])('%s is refused', text => {
  expect(() => unpacked(text)).toThrow(/packed film/)
})
