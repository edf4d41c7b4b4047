// The tool on mutants whose fate is known: threads, time-outs and all.
import { describe, expect, test } from 'vitest'
import { planOf, readSource, scopesThatLoad } from '../../bench/mutation/plan.ts'
import { runMutant } from '../../bench/mutation/run.ts'
import { failingUnits } from '../../bench/mutation/units.ts'
import type { CheckPlan } from './checks.ts'
import type { Mutant } from './mutant.ts'

const timeout = 60_000

/** The mutant that puts `after` where `before` stands for the first time. */
function mutant(file: string, before: string, after: string): Mutant {
  const start = readSource(file).indexOf(before)
  return { file, line: 1, rule: 'by hand', start, end: start + before.length, before, after }
}

/** Few runs of small scopes: what is meant to be found here is found at once. */
function shortPlan(file: string): CheckPlan {
  const runs = { partitioner: 50, assignor: 50, producer: 50, group: 50, log: 50, cluster: 0 }
  return { ...planOf(file, 1, 1), runs, stories: [] }
}

async function outcomeOf(one: Mutant, silenceMs?: number) {
  const { outcome } = await runMutant(one, shortPlan(one.file), silenceMs)
  return outcome
}

describe('a mutant', { timeout }, () => {
  test('of the model is noticed by the clean implementation', async () => {
    const fatal = mutant('model/log/offsets.ts', 'offset > log.highWatermark', 'offset >= log.highWatermark')
    expect(await outcomeOf(fatal)).toMatchObject({ kind: 'killed', kill: { how: 'disagreement' } })
  })

  test('of the implementation is noticed by the clean model', async () => {
    const fatal = mutant('impl/log/producer-state.ts', 'const rememberedBatches = 5', 'const rememberedBatches = 4')
    expect(await outcomeOf(fatal)).toMatchObject({ kind: 'killed', kill: { by: 'log', how: 'disagreement' } })
  })

  test('that changes nothing survives', async () => {
    const equivalent = mutant('model/log/offsets.ts', 'offset <= log.logStartOffset', 'offset < log.logStartOffset')
    expect(await outcomeOf(equivalent)).toEqual({ kind: 'survived' })
  })

  test('that never ends is ended', async () => {
    const endless = mutant('model/murmur2.ts', 'index += 4', 'index += 0')
    expect(await outcomeOf(endless, 5000)).toMatchObject({ kind: 'timed out', why: 'silent' })
  })

  test('of another version of the file fails loudly', async () => {
    const outdated = { ...mutant('model/murmur2.ts', 'index += 4', 'index += 0'), before: 'index += 5' }
    await expect(outcomeOf(outdated)).rejects.toThrow('no longer has what the mutant (by hand) changes: index += 5')
  })

  test('that is no program, or that nobody loads, fails loudly', async () => {
    await expect(outcomeOf(mutant('model/murmur2.ts', 'index += 4', 'index += )'))).rejects.toThrow('SyntaxError')
    const unloaded = mutant('cli/tally.ts', 'const', 'const')
    await expect(runMutant(unloaded, shortPlan('model/murmur2.ts'))).rejects.toThrow('nobody loads cli/tally.ts')
  })
})

test('unit tests beside a mutant are asked too', { timeout }, async () => {
  const fatal = mutant('impl/log/crc32c.ts', 'byte < 256', 'byte < 255')
  expect(await failingUnits(fatal)).toContain('impl/log/codec.test.ts: record batches v2 > the checksum is CRC-32C')
  const faster = mutant('impl/log/crc32c.ts', 'nativeFrom = 256', 'nativeFrom = 255')
  expect(await failingUnits(faster)).toEqual([])
})

test('a file is run in the scopes that load it', () => {
  expect(scopesThatLoad('model/log/append.ts')).toEqual(['log', 'cluster'])
  expect(scopesThatLoad('impl/group/join.ts')).toEqual(['group', 'cluster'])
  expect(scopesThatLoad('model/controller/in-sync.ts')).toEqual(['cluster'])
})
