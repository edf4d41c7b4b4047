import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readTrace } from '../traces/read.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-zoo-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))

describe('the zoo', { timeout: 60_000 }, () => {
  test('shows one bug that it caught, and its trace replays with the bug and not without', async () => {
    const args = ['zoo', '--bug', 'one-remembered-batch', '--seeds', '3', '--json']
    const ended = await lockstep([...args, '--workers', '1'], here)
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('source   KAFKA-5494')
    expect(ended.stderr).toMatch(/^violation {2}O3 producer order$/m)
    expect(ended.stderr).toContain('1 of 1 bug caught with every seed')
    const trace = join('traces', 'found', 'zoo-one-remembered-batch.json')
    expect(ended.stderr).toContain(`replay   npx lockstep replay ${trace} --subject zoo:one-remembered-batch`)
    const report = lastJson(ended)
    expect(report).toMatchObject({ bugs: [{ name: 'one-remembered-batch', claim: 'O3', caught: true, trace }] })
    expect(readTrace(join(folder, trace)).operations.length).toBeLessThanOrEqual(4)

    const replayed = await lockstep(['replay', trace, '--subject', 'zoo:one-remembered-batch'], here)
    expect(replayed.code).toBe(1)
    expect((await lockstep(['replay', trace], here)).code).toBe(0)

    const again = await lockstep([...args, '--workers', '2'], here)
    expect(timeless(lastJson(again))).toEqual(timeless(report))
  })

  test('sends the messages of a bug of the codec as bytes, and so does whoever replays its trace', async () => {
    const bug = 'in-sync-epochs-lost-on-the-wire'
    const ended = await lockstep(['zoo', '--bug', bug, '--seeds', '1', '--json'], here)
    expect(ended.code).toBe(0)
    const trace = join('traces', 'found', `zoo-${bug}.json`)
    expect(ended.stderr).toContain(`replay   npx lockstep replay ${trace} --subject zoo:${bug} --wire`)
    const replays = [['--subject', `zoo:${bug}`, '--wire'], ['--subject', `zoo:${bug}`], ['--wire'], []]
    const replayed = await Promise.all(replays.map(options => lockstep(['replay', trace, ...options], here)))
    expect(replayed.map(({ code }) => code)).toEqual([1, 1, 0, 0])
    const shrunk = await lockstep(['shrink', trace, '-o', 'shrunk.json', '--subject', `zoo:${bug}`, '--wire'], here)
    expect(shrunk.code).toBe(0)
  })

  test('ends with 1 when a bug was missed', async () => {
    const ended = await lockstep(
      ['zoo', '--bug', 'truncation-ignores-the-epoch', '--seeds', '1', '--runs', '1', '--json'],
      here,
    )
    expect(lastJson(ended)).toMatchObject({ bugs: [{ caught: false, missedSeeds: 1, trace: null }] })
    expect(ended.code).toBe(1)
  })

  test('says what bug was probably meant', async () => {
    const ended = await lockstep(['zoo', '--bug', 'zombie-comits'], here)
    expect(ended.stderr).toContain('there is no bug zombie-comits. Did you mean zombie-commits?')
    expect(ended.code).toBe(2)
  })

  test('that is interrupted says what it has', async () => {
    const ended = await lockstep(['zoo', '--workers', '1', '--json'], { ...here, interruptAt: 'looking for' })
    expect(ended.stderr).toContain('interrupted: this is what was found until then')
    expect(ended.code).toBe(3)
    expect(Array.isArray(lastJson(ended).bugs)).toBe(true)
  })
})

function timeless(report: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(report, (name, value) => (name.endsWith('Seconds') ? null : value)))
}
