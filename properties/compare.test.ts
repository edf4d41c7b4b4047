import { describe, expect, test } from 'vitest'
import { differences, EqualPairs } from './compare.ts'

describe('two values are equal', () => {
  const equal = (model: unknown, subject: unknown) => new EqualPairs().areEqual(model, subject)

  test('when every field is, and a field that is undefined is a missing one', () => {
    expect(equal({ a: [1, { b: null }], c: undefined }, { a: [1, { b: null }] })).toBe(true)
    expect(equal({ a: 1 }, { a: 1, c: undefined })).toBe(true)
  })

  test.each([
    [1, 2],
    [0, null],
    [[], {}],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
    ['1', 1],
  ])('but %j and %j are not', (model, subject) => {
    expect(equal(model, subject)).toBe(false)
  })

  test('and a pair that was equal is not walked again', () => {
    let looks = 0
    const model = { part: { a: 1 } }
    const subject = {
      part: {
        get a() {
          looks++
          return 1
        },
      },
    }
    const pairs = new EqualPairs()
    expect(pairs.areEqual(model, subject)).toBe(true)
    expect(pairs.areEqual(model, subject)).toBe(true)
    expect(looks).toBe(1)
    expect(pairs.areEqual(model, { part: { a: 2 } })).toBe(false)
  })
})

describe('differences', () => {
  test('are listed with their paths, in the order of the model', () => {
    const model = { a: 1, list: [{ x: 1 }, { x: 2 }], links: { 'b1>b2': 1 } }
    const subject = { links: { 'b1>b2': 2 }, list: [{ x: 1 }], a: 1, extra: true }
    expect(differences(model, subject, '', 10)).toEqual([
      { path: '.list[1]', model: { x: 2 }, subject: undefined },
      { path: '.links["b1>b2"]', model: 1, subject: 2 },
      { path: '.extra', model: undefined, subject: true },
    ])
  })

  test('are cut off at the number wanted', () => {
    expect(differences([1, 2, 3], [4, 5, 6], 'list', 2).map(({ path }) => path)).toEqual(['list[0]', 'list[1]'])
  })
})
