import { describe, expect, test } from 'vitest'
import { runCampaignHere } from '../campaign.ts'
import { scopes } from '../scopes.ts'
import type { Patch, PlantedBug } from '../zoo/planted-bug.ts'
import { loadPatched, patchedText } from './patched.ts'

const patch: Patch = {
  file: 'impl/log/producer-state.ts',
  find: 'const rememberedBatches = 5',
  replace: 'const rememberedBatches = 2',
}
const bug: PlantedBug = {
  name: 'two-remembered-batches',
  kind: 'slip',
  mechanism: 'the broker remembers two batches of a producer, not five',
  source: null,
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'log',
  patches: [patch],
  shortestCounterExample: null,
}

describe('a planted bug', () => {
  test('is found in the patched copy, and is not in the clean one', { timeout: 30_000 }, async () => {
    const subject = await loadPatched(bug, 'log')
    expect(subject.name).toBe('two-remembered-batches')
    const report = runCampaignHere('log', 1, 100, subject)
    expect(report.violations.map(({ claim }) => claim)).toContain('O3')
    const found = report.violations.find(({ claim }) => claim === 'O3')
    expect(found?.operations.length).toBeLessThanOrEqual(4)
    expect(runCampaignHere('log', 1, 100, scopes.log.subject).verdict).toBe('agree')
  })

  test('whose text is not there fails loudly', async () => {
    const outdated = { ...bug, name: 'outdated', patches: [{ ...patch, find: 'const rememberedBatches = 6' }] }
    await expect(loadPatched(outdated, 'log')).rejects.toThrow('has 0 times, not once')
    const elsewhere = { ...bug, name: 'elsewhere', patches: [patch, { ...patch, file: 'impl/group/coordinator.ts' }] }
    await expect(loadPatched(elsewhere, 'log')).rejects.toThrow('nobody in scope log loads impl/group/coordinator.ts')
  })

  test('must fit in exactly one place', () => {
    const patches = [{ file: 'a.ts', find: 'x', replace: 'y' }]
    expect(patchedText('a x b', patches)).toBe('a y b')
    expect(() => patchedText('x x', patches)).toThrow('a.ts has 2 times, not once, what the patch looks for: x')
  })

  test('may need several patches, each applied to what the one before left', () => {
    const patches = [
      { file: 'a.ts', find: 'x', replace: 'y y' },
      { file: 'a.ts', find: 'y b', replace: 'z' },
    ]
    expect(patchedText('a x b', patches)).toBe('a y z')
  })
})
