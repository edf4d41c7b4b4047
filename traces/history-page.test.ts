// What the picture of a history shows of it.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkHistory } from '../properties/history/check.ts'
import { commit, goodOperations, historyOf, poll, send } from '../properties/history/examples.ts'
import type { HistoryOperation } from '../properties/history/history.ts'
import { historyPicture } from './history-page.ts'
import type { HistoryPicture } from './history-picture.ts'
import { parseHistory } from './read-history.ts'

function pictureOf(operations: readonly HistoryOperation[]): HistoryPicture {
  const history = { ...historyOf(operations), note: null }
  return historyPicture(history, checkHistory(history), { name: 'h.ndjson', command: 'npx lockstep verify h.ndjson' })
}

const marksOf = ({ operations, partitions }: HistoryPicture, name: string) =>
  partitions
    .find(partition => partition.name === name)
    ?.marks.map(({ operation, kind, first, last }) => [operations[operation]?.line, kind, first, last])

test('operations stand in the order of their ends, and each is named by its line', () => {
  const { operations, clients } = pictureOf([
    send('p10', { start: 0, end: 50 }, 0, ['a', 0]),
    send('p2', { start: 10 }, 0, ['b', 1]),
  ])
  expect(operations.map(({ line, end }) => [line, end])).toEqual([
    [3, 11],
    [2, 50],
  ])
  expect(clients).toEqual(['p2', 'p10'])
})

test('neighbouring records are one mark, and others marks of their own', () => {
  const picture = pictureOf([
    send('p', { start: 0 }, 0, ['a', 0], ['b', 1], ['c', 5]),
    poll('c', { start: 10 }, 0, ['a', 0], ['b', 1], ['c', 5]),
    commit('c', { start: 20 }, 1, 0, 6),
    commit('c', { start: 30 }, 1, 0, -1),
  ])
  expect(marksOf(picture, 't/0')).toEqual([
    [2, 'send', 0, 1],
    [2, 'send', 5, 5],
    [3, 'poll', 0, 1],
    [3, 'poll', 5, 5],
    [4, 'commit', 6, 6],
  ])
})

test('a send without an offset stands where it was read, or below the chart', () => {
  const picture = pictureOf(goodOperations)
  const sendOf = (value: string) => picture.operations.find(({ text }) => text.includes(`sends to t/0: "${value}"`))
  expect(marksOf(picture, 't/0')).toContainEqual([sendOf('maybe')?.line, 'send', 6, 6])
  const homeless = picture.partitions[0]?.homeless.map(operation => picture.operations[operation])
  expect(homeless).toEqual([sendOf('refused')])
})

test('an anomaly has its place, its sentence and the operations that prove it', () => {
  const picture = pictureOf([send('p3', { start: 17 }, 0, ['lost', 3]), ...goodOperations])
  expect(picture).toMatchObject({ verdict: 'violation', headline: 'L1 acknowledged means kept', leftOut: [] })
  const [first] = picture.anomalies
  expect(first).toMatchObject({ kind: 'lost-write', judgement: 'forbidden', partition: 't/0', offsets: [3], left: 0 })
  expect(first?.operations.map(operation => picture.operations[operation]?.line)).toEqual([2, 16])
  expect(picture.anomalies.at(-1)).toMatchObject({
    judgement: 'allowed',
    since: 'the group may have given the partition to others in between',
  })
})

test('of a long history so much is drawn as can be looked at, with everything that proves an anomaly', () => {
  const long = Array.from({ length: 50_000 }, (_, n) => [
    send('p', { start: 4 * n }, n % 40, [`v${n}`, Math.floor(n / 40)]),
    poll('c', { start: 4 * n + 2 }, n % 40, [`v${n}`, Math.floor(n / 40)]),
  ]).flat()
  const crash: HistoryOperation = { kind: 'crash', client: 'p', start: 7, end: 8, completed: 'ok' }
  const picture = pictureOf([...long, crash, poll('c', { start: 1e6 }, 39, ['v0', 0])])
  expect(picture.operations.length).toBeGreaterThan(3000)
  expect(picture.operations.length).toBeLessThan(4100)
  expect(picture.operations.some(({ kind }) => kind === 'crash')).toBe(true)
  const [first] = picture.anomalies
  expect(first).toMatchObject({ kind: 'inconsistent-offsets', partition: 't/39' })
  expect(first?.operations.length).toBeGreaterThan(1)
  expect(picture.partitions).toHaveLength(24)
  expect(picture.partitions.at(-1)?.name).toBe('t/39')
  expect(picture.leftOut).toEqual([
    expect.stringContaining(`${picture.operations.length} of 100002 operations are drawn`),
    '24 of 40 partitions are drawn, those with anomalies first.',
  ])
  expect(JSON.stringify(picture).length).toBeLessThan(2_000_000)
})

test('a history with more anomalies than anybody reads says so', () => {
  const sends = Array.from({ length: 300 }, (_, n) => send('p', { start: n }, 0, [`v${n}`, n]))
  const picture = pictureOf([
    ...sends,
    send('p', { start: 300 }, 0, ['end', 300]),
    poll('c', { start: 900 }, 0, ['end', 300]),
  ])
  expect(picture.anomalies).toHaveLength(200)
  expect(picture.leftOut).toEqual(['200 of 300 anomalies are listed, the weightiest first.'])
})

test('the examples of the documentation are what it says of them', () => {
  const verdictOf = (name: string) => {
    const path = `docs/histories/${name}.ndjson`
    const { kind, counts } = checkHistory(
      parseHistory(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), path),
    )
    return [kind, counts.length]
  }
  expect(verdictOf('group')).toEqual(['agree', 0])
  expect(verdictOf('anomalies')).toEqual(['violation', 9])
})
