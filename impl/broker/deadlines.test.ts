import { expect, test } from 'vitest'
import { Deadlines } from './deadlines.ts'

test('what is due is taken out once, and nothing that is not', () => {
  const deadlines = new Deadlines<string>()
  const times = [50, 20, 90, 10, 70, 30, 60, 40, 80]
  for (const at of times) deadlines.schedule(`at ${at}`, at)
  expect(deadlines.next()).toBe(10)
  expect(deadlines.takeDue(9)).toEqual([])
  expect(deadlines.takeDue(40).sort()).toEqual(['at 10', 'at 20', 'at 30', 'at 40'])
  expect(deadlines.next()).toBe(50)
  expect(deadlines.takeDue(100)).toHaveLength(5)
  expect(deadlines.next()).toBe(Number.POSITIVE_INFINITY)
})

test('an earlier deadline counts, and a later one does not put off', () => {
  const deadlines = new Deadlines<string>()
  deadlines.schedule('a', 50)
  deadlines.schedule('a', 20)
  deadlines.schedule('a', 80)
  deadlines.schedule('a', Number.POSITIVE_INFINITY)
  expect(deadlines.takeDue(20)).toEqual(['a'])
  expect(deadlines.takeDue(100)).toEqual([])
})
