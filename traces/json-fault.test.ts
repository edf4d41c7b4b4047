import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultAt } from './json-fault.ts'

describe('the place where a text stops being JSON', () => {
  test.each([
    ['{"a": oops}', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['{a: 1}', 1],
    ['[1, "x', 6],
    ['{"a": [1, 2', 11],
    ['', 0],
    ['[] x', 3],
    ['[01]', 2],
    ['["a\nb"]', 1],
  ])('%s: %i', (text, position) => {
    expect(faultAt(text)).toBe(position)
  })

  test('is behind every text that JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        expect(faultAt(text)).toBe(text.length)
      }),
    )
  })

  test('is the end of every beginning of a text in brackets', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: true }), fc.nat(), (value, cut) => {
        const text = JSON.stringify([[value]])
        const beginning = text.slice(0, cut % text.length)
        expect(faultAt(beginning)).toBeLessThanOrEqual(beginning.length)
        expect(() => JSON.parse(beginning)).toThrow()
      }),
    )
  })
})
