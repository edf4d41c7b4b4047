import { expect, test } from 'vitest'
import { Random } from '../random.ts'
import { guidances, stepsToViolation } from './random.ts'
import { specOf } from './specs.ts'

const broken = specOf({ spec: 'truncate-to-high-watermark', bounds: { replicas: 2 }, invariants: ['StrongIsr'] })
const sound = specOf({ spec: 'kip-320', bounds: { replicas: 2 }, invariants: ['StrongIsr'] })

test.each(guidances)('a %s search finds the oldest bug, in as many steps whenever the seed is the same', guidance => {
  const steps = [1, 2, 3].map(seed => stepsToViolation(broken, guidance, new Random(seed), 50_000))
  expect(steps.every(count => count !== null && count >= 9)).toBe(true)
  expect(stepsToViolation(broken, guidance, new Random(1), 50_000)).toBe(steps[0])
})

test.each(guidances)('a %s search finds nothing where there is nothing', guidance => {
  expect(stepsToViolation(sound, guidance, new Random(1), 20_000)).toBeNull()
})

test('guided search needs fewer steps than uniform search', () => {
  const total = (guidance: (typeof guidances)[number]) =>
    Array.from(
      { length: 9 },
      (_, seed) => stepsToViolation(broken, guidance, new Random(seed), 50_000) ?? 50_000,
    ).reduce((sum, steps) => sum + steps)
  expect(total('unseen') * 2).toBeLessThan(total('uniform'))
  expect(total('rare') * 2).toBeLessThan(total('uniform'))
})
