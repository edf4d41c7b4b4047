import { expect, test } from 'vitest'
import { junitOf } from './junit.ts'
import { markdownOf } from './markdown.ts'
import { hostileReport } from './testing/hostile-report.ts'

const missing = hostileReport({ missing: ['leader failover'] })

test('a claim that nothing put to the test is skipped, and says what was not there', () => {
  expect(junitOf(missing)).toContain(
    'name="L2 never tried"><skipped message="never put to the test: there was no run with something rare"/></testcase>',
  )
})

test('behaviours that must be reached and never were are one failing test case', () => {
  const text = junitOf(missing)
  expect(text).toContain(
    'name="reaches everything"><failure message="1 behaviours must be reached, and never were">leader failover</failure>',
  )
  expect(text).toContain('tests="4" failures="2" errors="0"')
  expect(markdownOf(missing)).toContain('- log: leader failover')
})

test('too few runs to be asked for everything are no failure', () => {
  expect(junitOf(hostileReport({ missing: [], isAsked: false }))).toContain(
    'name="reaches everything"><skipped message="too few runs to ask: 10 of 2000"/>',
  )
})

test('hostile text stays text', () => {
  const junit = junitOf(missing)
  expect(junit).toContain('&lt;script&gt;')
  expect(['<script', '<img', '\u0000', '\u001b'].filter(raw => junit.includes(raw))).toEqual([])
  // Those of the claim and of the behaviours, and not the one in the text.
  expect(junit.match(/<\/failure>/g)).toHaveLength(2)
  // The one block of text as it is stands in a fence that nothing in it ends.
  const [before = '', , after = ''] = markdownOf(missing).split(/^`{5,}.*$/m)
  for (const part of [before, after]) expect(part).not.toMatch(/(?<!\\)<(script|img)/)
})
