import { expect, test } from 'vitest'
import { fenced, markdownText, xmlText } from './escape.ts'

test('text in XML neither ends an element or an attribute nor holds what XML cannot hold', () => {
  expect(xmlText(`</failure>"'&]]>`)).toBe(`&lt;/failure&gt;&quot;'&amp;]]&gt;`)
  expect(xmlText('a\u0000b\u001Bc\uFFFFd\uD800e\tf\ng')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe&#9;f&#10;g')
})

test('text in Markdown is one line of text', () => {
  expect(markdownText('a | b\n<img> `c` [d](e)')).toBe('a \\| b \\<img\\> \\`c\\` \\[d\\](e)')
})

test('nothing in a fence ends it', () => {
  expect(fenced(['a ````', 'b\n```'])).toEqual(['`````text', 'a ````', 'b', '```', '`````'])
})
