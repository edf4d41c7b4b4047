// Data stay data inside of a page, whatever is in them. The pages are those that were built last: npm run build.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageWith } from './page.ts'
import { escapedJson, inlineScript } from './template.ts'

test('hostile data and titles end no element', () => {
  const hostile = '</script><script>alert(1)</script><!--<title>$&$1'
  const page = pageWith('film', JSON.stringify([hostile]), hostile)
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page.match(/<title>/g)).toHaveLength(1)
  const data = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
  expect(JSON.parse(data)).toEqual([hostile])
})

test('the policy names the very script and style of the page, and nothing else', () => {
  const page = pageWith('film', '[]', 'a run')
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? []
  const [, script = ''] = /<script type="module">(.*?)<\/script>/s.exec(page) ?? []
  const hash = (text: string) => createHash('sha256').update(text).digest('base64')
  expect(page).toContain(`script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'`)
  expect(page).not.toMatch(/(src|href)="?https?:/)
})

test('a script that would end its own element is escaped', () => {
  expect(inlineScript('a("</script><!--")')).toBe('a("<\\/script>\\x3C!--")')
  expect(escapedJson('["</script>"]')).toBe('["\\u003c/script>"]')
})
