// What would be invisible is seen.
import { expect, test } from 'vitest'
import type { Json } from '../../film/film.ts'
import { legible, legibleText, shortened } from './legible.ts'

test('control characters, direction marks and joiners become signs', () => {
  expect(legibleText('a\u0000b\nc\u007f')).toBe('a␀b␊c␡')
  expect(legibleText('safe\u202Etxt.exe')).toBe('safe⟨U+202E⟩txt.exe')
  expect(legibleText('a\u200Bb\u2028c\uFEFF')).toBe('a⟨U+200B⟩b⟨U+2028⟩c⟨U+FEFF⟩')
  expect(legibleText('\u{E0041}')).toBe('⟨U+E0041⟩')
  expect(legibleText('lone \uD800.')).toBe('lone ⟨U+D800⟩.')
})

test('what can be seen stays as it is', () => {
  for (const text of ['', 'key=value', 'größer', '日本語', 'שלום', '<b>&amp;</b>', '👍'])
    expect(legibleText(text)).toBe(text)
})

test('names of fields are texts too, and equal parts stay the same object', () => {
  const part: Json = { 'a\u0001': ['\u0002'] }
  const after = legible({ one: part, two: part, '\u0003': 1 })
  expect(after).toEqual({ one: { 'a␁': ['␂'] }, two: { 'a␁': ['␂'] }, '␃': 1 })
  const { one, two } = after as { readonly one: Json; readonly two: Json }
  expect(one).toBe(two)
})

test('only the fields that may have lines keep them', () => {
  expect(legible({ comment: 'a\nb\u0007', text: 'a\nb' }, new Set(['comment']))).toEqual({
    comment: 'a\nb␇',
    text: 'a␊b',
  })
})

test('long texts are cut between characters', () => {
  expect(shortened('abcdef', 6)).toBe('abcdef')
  expect(shortened('abcdefg', 6)).toBe('abcde…')
  expect(shortened('👍👍👍👍', 4)).toBe('👍👍👍👍')
  expect(shortened('👍👍👍👍', 3)).toBe('👍👍…')
})
