import { describe, expect, test } from 'vitest'
import { scopes } from '../properties/scopes.ts'
import { type LockstepTestOptions, wantedOf } from './options.ts'

const subject = scopes.log.subject
const options = { scope: 'log', subject } as const

describe('the options of a test', () => {
  test('leave the seed and the number of runs open', () => {
    expect(wantedOf('x', options, {})).toEqual({ seed: null, extent: { kind: 'runs', runs: null }, timeoutMs: 120_000 })
    expect(wantedOf('x', { ...options, seed: 0, time: 3 }, {})).toEqual({
      seed: 0,
      extent: { kind: 'time', ms: 3000 },
      timeoutMs: 123_000,
    })
  })

  test('give way to the environment', () => {
    const environment = { LOCKSTEP_SEED: '7', LOCKSTEP_TIME: '60' }
    expect(wantedOf('x', { ...options, seed: 1, runs: 5 }, environment)).toMatchObject({
      seed: 7,
      extent: { kind: 'time', ms: 60_000 },
    })
    const { extent } = wantedOf('x', { ...options, time: 60 }, { LOCKSTEP_RUNS: '9', LOCKSTEP_TIME: '' })
    expect(extent).toEqual({ kind: 'runs', runs: 9 })
  })

  const wrong: readonly (readonly [Partial<LockstepTestOptions<'log'>>, Readonly<Record<string, string>>, string])[] = [
    [{ runs: 1, time: 1 }, {}, 'runs and time say the same thing in two ways. Give one of them.'],
    [{}, { LOCKSTEP_RUNS: '1', LOCKSTEP_TIME: '1' }, 'runs and time say the same thing in two ways. Give one of them.'],
    [{ runs: 0 }, {}, 'runs must be a whole number from 1 to 1099511627776.'],
    [{ time: 0.5 }, {}, 'time must be a whole number from 1 to 10000000.'],
    [{ seed: 2 ** 32 }, {}, 'seed must be a whole number from 0 to 4294967295.'],
    [{ timeout: -1 }, {}, 'timeout must be a whole number from 1 to 2147363648.'],
    [{}, { LOCKSTEP_SEED: 'seven' }, 'LOCKSTEP_SEED must be a whole number from 0 to 4294967295.'],
    [{ subject: { ...subject, operations: ['apend'] } }, {}, 'Did you mean append?'],
    [
      { subject: './mine.ts' },
      {},
      '--subject ./mine.ts is neither "impl" nor a planted bug nor a file with an export.',
    ],
  ]
  test.each(wrong)('%j with %j are refused', (given, environment, sentence) => {
    expect(() => wantedOf('x', { ...options, ...given }, environment)).toThrow(sentence)
  })

  test('of somebody without a compiler are looked at, too', () => {
    const given = (changes: object): LockstepTestOptions<'log'> => ({ ...options, ...changes })
    expect(() => wantedOf('x', given({ scope: 'logs' }), {})).toThrow('lockstep("x"): there is no scope "logs".')
    expect(() => wantedOf('x', given({ subject: { name: 'x' } }), {})).toThrow('lockstep("x"): subject is none')
  })
})
