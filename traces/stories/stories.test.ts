// Every story is told by both sides, also those that catch a planted bug (zoo/). LOCKSTEP_REWRITE=1 writes down what is told now: commit a rewritten story only if you
// understand what changed it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { scopes } from '../../properties/scopes.ts'
import { parseStory, storyText } from './parse.ts'
import { tell } from './tell.ts'

const folder = new URL('./', import.meta.url)
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.txt'))

describe('stories', () => {
  test.each(names)('%s', name => {
    const file = new URL(name, folder)
    const text = readFileSync(file, 'utf8')
    const story = parseStory(text)
    const told = tell(story, scopes.cluster.subject)
    const retold = storyText(
      story.blocks.map(({ lines }, index) => ({ lines, expected: told[index] ?? ['(not reached)'] })),
    )
    const parting = told[story.blocks.length] ?? []
    if (process.env.LOCKSTEP_REWRITE === '1') writeFileSync(file, retold)
    expect(parting).toEqual([])
    expect(retold).toBe(text)
  })

  test('there are some', () => {
    expect(names.length).toBeGreaterThan(9)
  })
})
