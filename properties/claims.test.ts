// docs/claims.md against the code, both ways.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { agreement, claimsOf } from './claim-of.ts'
import { patchedText } from './subjects/patched.ts'
import { plantedBugs } from './zoo/bugs.ts'

type Row = { readonly id: string; readonly functions: readonly string[]; readonly bugs: readonly string[] }

const rows: readonly Row[] = readFileSync('docs/claims.md', 'utf8')
  .split('\n')
  .map(line => line.split('|').map(cell => cell.trim()))
  .filter(cells => /^[OFLGP]\d$/.test(cells[1] ?? ''))
  .map(cells => ({ id: cells[1] ?? '', functions: quoted(cells[4]), bugs: quoted(cells[5]) }))

const modelText = sources('model').join('\n')

test('every claim names a function that holds it and a bug that breaks it', () => {
  expect(rows.map(({ id }) => id)).toEqual([
    ...['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7'],
    ...['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'G1', 'G2', 'G3', 'G4', 'G5', 'P1', 'P2', 'P3'],
  ])
  expect(rows.filter(({ functions, bugs }) => functions.length === 0 || bugs.length === 0)).toEqual([])
})

test('every function that is named holds its claim in the model', () => {
  const missing = rows.flatMap(({ id, functions }) =>
    functions.filter(name => !modelText.includes(`export function ${name}(`)).map(name => `${id} ${name}`),
  )
  expect(missing).toEqual([])
})

test('every claim that the model reports is in the table', () => {
  const reported = [...modelText.matchAll(/(?:claim: |violated\()'([A-Z]\d)'/g)].map(match => match[1] ?? '')
  const known = new Set(rows.map(({ id }) => id))
  expect([...new Set(reported)].filter(id => !known.has(id))).toEqual([])
})

test('the bugs of the table are the planted ones, each under its claim', () => {
  const named = rows.flatMap(({ id, bugs }) => bugs.map(bug => `${id} ${bug}`)).sort()
  const planted = plantedBugs.map(({ claim, name }) => `${claim} ${name}`).sort()
  expect(planted).toEqual(named)
})

test('a scope has the claims under which its bugs are found', () => {
  // The claim that a bug breaks in the end is often another scope's than the one in which it is found.
  const unknown = plantedBugs.flatMap(({ name, scope, claim: broken, caughtBy }) =>
    caughtBy
      .filter(claim => claim !== agreement && (claim !== broken || caughtBy.length === 1))
      .filter(claim => !claimsOf(scope).has(claim))
      .map(claim => `${scope} ${claim} ${name}`),
  )
  expect(unknown).toEqual([])
})

test('every patch still fits the implementation, exactly once', () => {
  for (const { patches } of plantedBugs) {
    for (const file of new Set(patches.map(patch => patch.file))) {
      const ofFile = patches.filter(patch => patch.file === file)
      expect(() => patchedText(readFileSync(file, 'utf8'), ofFile)).not.toThrow()
    }
  }
})

function quoted(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => readFileSync(`${folder}/${name}`, 'utf8'))
}
