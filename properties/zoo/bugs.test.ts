// The zoo against its files and its page, both ways.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { plantedBugs } from './bugs.ts'

const names = plantedBugs.map(({ name }) => name)

test('every bug has a file of its name, and every file stands in the list', () => {
  const files = readdirSync('properties/zoo/bugs').map(file => file.replace(/\.ts$/, ''))
  expect(names.toSorted()).toEqual(files.sort())
})

test('a bug may be found under the claim that it breaks', () => {
  expect(plantedBugs.filter(({ claim, caughtBy }) => !caughtBy.includes(claim))).toEqual([])
})

test('docs/zoo.md says of each historical bug what the code says', () => {
  const page = readFileSync('docs/zoo.md', 'utf8')
  const told = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \| (\w\d) \|$/gm)].map(match => match.slice(1))
  const historical = plantedBugs.filter(({ kind }) => kind === 'historical')
  const rows = historical.map(({ name, mechanism, source, claim }) => [name, mechanism, source ?? '', claim])
  expect(told.map(row => row.map(cell => cell.trim()))).toEqual(rows)
})
