import { expect, test } from 'vitest'
import { WaitingAppends } from './waiting-appends.ts'

function row(
  ...appends: readonly { readonly end: number; readonly dueAt?: number; readonly isGroupWrite?: boolean }[]
) {
  const waiting = new WaitingAppends()
  const told: string[] = []
  for (const { end, dueAt = Number.POSITIVE_INFINITY, isGroupWrite = false } of appends) {
    const complete = (error: string): void => void told.push(`${end} ${error}`)
    waiting.add({ endOffset: end, dueAt, isGroupWrite, complete })
  }
  return { waiting, told }
}

test('those that the high watermark reached are answered in order of arrival', () => {
  const { waiting, told } = row({ end: 2 }, { end: 4 }, { end: 5 })
  waiting.reached(1, 'NONE')
  expect(told).toEqual([])
  waiting.reached(4, 'NONE')
  expect(told).toEqual(['2 NONE', '4 NONE'])
  expect(waiting.endOffsets()).toEqual([5])
})

test('a duplicate of an older batch does not wait for the batches before it', () => {
  const { waiting, told } = row({ end: 9 }, { end: 4 }, { end: 10 })
  waiting.reached(4, 'NONE')
  expect(told).toEqual(['4 NONE'])
  expect(waiting.endOffsets()).toEqual([9, 10])
})

test('those that are due are answered that they timed out', () => {
  const { waiting, told } = row({ end: 2, dueAt: 100 }, { end: 3 }, { end: 4, dueAt: 50 })
  waiting.tick(49)
  expect(told).toEqual([])
  waiting.tick(50)
  expect(told).toEqual(['4 REQUEST_TIMED_OUT'])
  expect(waiting.nextDue).toBe(100)
})

test('the end of a leadership is told to producers; a coordinator learns of it by being unloaded', () => {
  const { waiting, told } = row({ end: 2 }, { end: 3, isGroupWrite: true })
  waiting.end('NOT_LEADER_OR_FOLLOWER')
  expect(told).toEqual(['2 NOT_LEADER_OR_FOLLOWER'])
  expect(waiting.endOffsets()).toEqual([])
})
