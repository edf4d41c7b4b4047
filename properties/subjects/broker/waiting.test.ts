import { expect, test } from 'vitest'
import { type Answer, Waiting } from './waiting.ts'

const heartbeat = (client: string, code = 0): Answer => ({ to: 'heartbeat', client, group: 'g', code })
const never = (): Promise<Answer> => new Promise(() => {})

test('answers are kept until they are taken, ascending by client', async () => {
  const waiting = new Waiting()
  waiting.sent('c2', Promise.resolve(heartbeat('c2', 1)))
  waiting.sent('c1', Promise.resolve(heartbeat('c1', 2)))
  waiting.answered('c1', heartbeat('c1', 3))
  await waiting.until(['c1', 'c2'], 60_000)
  expect(waiting.take()).toEqual([heartbeat('c1', 2), heartbeat('c1', 3), heartbeat('c2', 1)])
  expect(waiting.take()).toEqual([])
})

test('a client waits for as many answers as are awaited, of whichever of its requests', async () => {
  const waiting = new Waiting()
  let answer: (answer: Answer) => void = () => {}
  waiting.sent('c1', never())
  expect(waiting.isWaiting('c1')).toBe(true)
  waiting.sent('c1', new Promise(resolve => (answer = resolve)))
  waiting.answered('c1', heartbeat('c1', 9))
  expect([waiting.isWaiting('c1'), waiting.isWaiting('c1', 2)]).toEqual([false, true])
  const until = waiting.until(['c1', 'c1'], 60_000)
  answer(heartbeat('c1', 2))
  await until
  expect(waiting.isWaiting('c1', 2)).toBe(false)
  // In the order in which it was asked, whatever came first.
  expect(waiting.take()).toEqual([heartbeat('c1', 2), heartbeat('c1', 9)])
})

test('patience ends, and a lost connection ends it at once', async () => {
  const waiting = new Waiting()
  waiting.sent('c1', never())
  await waiting.until(['c1'], 1)
  expect(waiting.isWaiting('c1')).toBe(true)
  let lose: (error: Error) => void = () => {}
  waiting.sent('c2', new Promise((_, reject) => (lose = reject)))
  const until = waiting.until(['c1'], 60_000)
  lose(new Error('lost'))
  await expect(until).rejects.toThrow('lost')
  await expect(waiting.until([], 0)).rejects.toThrow('lost')
})
