// Strips show what a log has, what the step did to it, and where the other side has something else.
import { expect, test } from 'vitest'
import { log, record } from '../testing/films.ts'
import { axisOf, cellsOf, leftOf, linesOf, markersOf, pinsOf, type Row } from './strips.ts'

const row = (changes: Partial<Row>): Row => ({ log: null, before: null, other: 'alike', ...changes })
const kinds = (one: Row, axis = axisOf([one])) =>
  cellsOf(one, axis).map(cell => (cell.kind === 'record' && cell.isNew ? 'new' : cell.kind))

test('an appended record is new, the others are not', () => {
  const one = row({ log: log('t/0', 'leader', 0, ['a', 'b']), before: log('t/0', 'leader', 0, ['a']) })
  expect(kinds(one)).toEqual(['record', 'new'])
})

test('what a truncation removed is still there, as gone, and what took its place is new', () => {
  const cut = row({ log: log('t/0', 'follower', 1, ['a']), before: log('t/0', 'follower', 0, ['a', 'b']) })
  expect(kinds(cut)).toEqual(['record', 'gone'])
  const replaced = row({ log: log('t/0', 'follower', 1, ['a', 'c']), before: log('t/0', 'follower', 0, ['a', 'b']) })
  expect(kinds(replaced)).toEqual(['record', 'new'])
  const cells = cellsOf(replaced, axisOf([replaced]))
  expect(cells.map(cell => (cell.kind === 'record' ? cell.replaced?.text : cell.kind))).toEqual([undefined, 'b'])
  expect(kinds(row({ before: log('t/0', 'follower', 0, ['a']) }))).toEqual(['gone'])
})

test('where the other side has something else, both say so', () => {
  const [model, subject] = [log('t/0', 'follower', 0, ['a', 'b', 'c']), log('t/0', 'follower', 0, ['a', 'x'])]
  const ours = row({ log: model, before: model, other: subject })
  const theirs = row({ log: subject, before: subject, other: model })
  const axis = axisOf([ours, theirs])
  const differs = (one: Row) => cellsOf(one, axis).map(cell => (cell.kind === 'record' ? cell.differs : cell.kind))
  expect(differs(ours)).toEqual([false, true, true])
  expect(differs(theirs)).toEqual([false, true, 'missing'])
})

test('an epoch is named where it begins', () => {
  const mixed = {
    ...log('t/0', 'leader', 2, []),
    records: [record(0, 0, 'a'), record(1, 0, 'b'), record(2, 2, 'c')],
    logEndOffset: 3,
  }
  const one = row({ log: mixed })
  expect(cellsOf(one, axisOf([one])).map(cell => cell.kind === 'record' && cell.opensEpoch)).toEqual([
    true,
    false,
    true,
  ])
})

test('replicas share their offsets, and what nobody has is a gap', () => {
  const leader = {
    ...log('t/0', 'leader', 0, []),
    records: [record(3, 0, 'a'), record(9, 0, 'b')],
    logStartOffset: 2,
    logEndOffset: 12,
  }
  const axis = axisOf([row({ log: leader }), row({ log: log('t/0', 'follower', 0, []) })])
  expect(axis.columns.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['gap', 0, 2],
    ['offset', 3, 3],
    ['gap', 4, 8],
    ['offset', 9, 9],
    ['gap', 10, 11],
  ])
  expect(leftOf(3, axis)).toBe(0.6)
  expect(leftOf(6, axis)).toBeCloseTo(1.9)
  expect(leftOf(12, axis)).toBe(axis.width)
})

test('markers of one place stand together, and say what they were', () => {
  const one = row({
    log: { ...log('t/0', 'leader', 0, ['a', 'b']), highWatermark: 2 },
    before: { ...log('t/0', 'leader', 0, ['a', 'b']), highWatermark: 1 },
  })
  expect(markersOf(one, axisOf([one]))).toEqual([
    {
      left: 0,
      markers: [
        { kind: 'start', offset: 0, was: null },
        { kind: 'synced', offset: 0, was: null },
      ],
    },
    {
      left: 2,
      markers: [
        { kind: 'high watermark', offset: 2, was: 1 },
        { kind: 'end', offset: 2, was: null },
      ],
    },
  ])
  const unsynced = row({ log: { ...log('t/0', 'leader', 0, []), syncedOffset: null } })
  expect(markersOf(unsynced, axisOf([unsynced]))[0]?.markers.map(marker => marker.kind)).toEqual([
    'start',
    'high watermark',
    'end',
  ])
})

test('of a long log the last records stay, and those that changed or differ', () => {
  const texts = Array.from({ length: 200 }, (_, index) => `v${index}`)
  const whole = log('t/0', 'leader', 0, texts)
  const other = { ...whole, records: whole.records.map(one => (one.offset === 20 ? record(20, 0, 'x') : one)) }
  const one = row({ log: whole, before: whole, other })
  const axis = axisOf([one], 36)
  const offsets = axis.columns.flatMap(column => (column.kind === 'offset' ? [column.from] : []))
  expect(offsets).toHaveLength(36)
  expect(offsets).toContain(20)
  expect(offsets.at(-1)).toBe(199)
  const elided = cellsOf(one, axis).flatMap(cell => (cell.kind === 'elided' ? [cell.count] : []))
  expect(elided.reduce((sum, count) => sum + count) + 36).toBe(200)
})

test('records below the log start are still there, and known', () => {
  const one = row({ log: { ...log('t/0', 'leader', 0, ['a', 'b', 'c']), logStartOffset: 2 } })
  const below = cellsOf(one, axisOf([one])).map(cell => cell.kind === 'record' && cell.isBelowStart)
  expect(below).toEqual([true, true, false])
  const elided = cellsOf(one, axisOf([one], 1))
  expect(elided).toMatchObject([{ kind: 'elided', count: 2, isBelowStart: true }, { kind: 'record' }])
})

test('a label runs left of its tick where it would leave the room, unless it would leave it there too', () => {
  const lefts = (room: number) =>
    pinsOf(
      [
        { left: 0, width: 90 },
        { left: 60, width: 50 },
        { left: 100, width: 50 },
      ],
      room,
    ).map(({ left, line }) => [left, line])
  expect(lefts(150)).toEqual([
    [0, 0],
    [60, 1],
    [100, 0],
  ])
  expect(lefts(100)).toEqual([
    [0, 0],
    [10, 1],
    [50, 2],
  ])
  expect(lefts(80)[0]).toEqual([0, 0])
})

test('labels never cover each other', () => {
  expect(
    linesOf([
      { left: 0, width: 50 },
      { left: 20, width: 50 },
      { left: 55, width: 10 },
      { left: 60, width: 10 },
    ]),
  ).toEqual([0, 1, 0, 2])
})
