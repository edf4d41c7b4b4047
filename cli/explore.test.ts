import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-explore-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))

const minute = { timeout: 60_000 }
const two = ['--bound', 'replicas=2', '--no-symmetry', '--json']

/** A report without what differs from run to run, and with the number of workers. */
function timeless(report: Readonly<Record<string, unknown>>): object {
  const { seconds: _s, workers: _w, bytesPerState: _b, ...rest } = report
  return rest
}

describe('an exploration', minute, () => {
  test('in which every invariant holds ends with 0 and says how many states there are', async () => {
    const { code, stderr, ...rest } = await lockstep(['explore', 'kip-320', ...two], here)
    expect(stderr).toContain('agree      WeakIsr and StrongIsr hold in every state')
    expect(code).toBe(0)
    expect(lastJson({ code, stderr, ...rest })).toMatchObject({
      spec: 'kip-320',
      bounds: { replicas: 2, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 },
      distinctStates: 5973,
      generatedStates: 11733,
      depth: 18,
      violation: null,
      complete: true,
    })
  })

  test('that breaks an invariant ends with 1 and writes the shortest trace, the same with any number of workers', async () => {
    const args = ['explore', 'kip-320-first-try', '--no-symmetry', '--json', '--invariant', 'StrongIsr', '--workers']
    const one = await lockstep([...args, '1'], here)
    expect(one.code).toBe(1)
    const trace = join('traces', 'found', 'kip-320-first-try-StrongIsr.json')
    expect(lastJson(one)).toMatchObject({ depth: 13, violation: { invariant: 'StrongIsr', length: 13, trace } })
    expect(one.stderr).toContain(`replay   npx lockstep replay ${trace}\n`)
    const text = readFileSync(join(folder, trace), 'utf8')
    const several = await lockstep([...args, '3'], here)
    expect(timeless(lastJson(several))).toEqual(timeless(lastJson(one)))
    expect(readFileSync(join(folder, trace), 'utf8')).toBe(text)

    const replayed = await lockstep(['replay', trace, '--json'], here)
    expect(replayed.stderr).toContain('violation  StrongIsr, under kip-320-first-try')
    const promised =
      /whoever takes itself for the leader shares .* with all of the controller's in-sync set; but b\d takes itself/
    for (const { stderr } of [one, replayed]) expect(stderr).toMatch(promised)
    expect(replayed.code).toBe(1)
    expect(lastJson(replayed)).toMatchObject({ verdict: 'violation', expected: true })

    const shrunk = await lockstep(['shrink', trace, '-o', 'x.json'], here)
    expect(shrunk.stderr).toContain('has no subject: only replay takes it.')
    expect(shrunk.code).toBe(2)

    const lines = text.split('\n').filter(line => !line.includes('"BecomeLeader","replica":"b3"'))
    writeFileSync(join(folder, 'gap.json'), lines.join('\n'))
    const gap = await lockstep(['replay', 'gap.json'], here)
    expect(gap.stderr).toMatch(/the operation at index \d+ \(.*\) does not apply there\. What applies: Controller/)
    expect(gap.code).toBe(2)
  })

  test('that is cut short is unknown', async () => {
    const { code, stderr } = await lockstep(['explore', 'kip-279', '--states', '100'], here)
    expect(stderr).toContain('unknown    WeakIsr and StrongIsr hold so far: not every state was visited')
    expect(code).toBe(3)
  })

  test('of the cluster checks all claims', async () => {
    const ended = await lockstep(['explore', 'cluster', '--json'], here)
    expect(ended.stderr).toContain('agree      all claims hold in every state')
    expect(ended.code).toBe(0)
    expect(lastJson(ended)).toMatchObject({
      spec: 'cluster',
      distinctStates: 324,
      depth: 16,
      complete: true,
      statesCut: 0,
      refinementSteps: 638,
      refinementSkipped: 0,
    })
    expect(ended.stderr).toContain('638 steps are steps of kip-320-messages\n')
  })

  test('of the cluster that finds a step which is none of the abstract specification leaves a trace that replays', async () => {
    const file = 'properties/explore/cluster/refinement/late-alter-partition.json'
    const trace = JSON.parse(readFileSync(file, 'utf8'))
    const late = trace.operations.findIndex((operation: { kind: string }) => operation.kind === 'deliverLate')
    const operations = trace.operations.slice(0, late + 1)
    const expected = { verdict: 'violation', claim: 'Refinement' }
    writeFileSync(join(folder, 'late.json'), JSON.stringify({ ...trace, operations, expect: expected }))
    const { code, stderr, ...rest } = await lockstep(['replay', 'late.json', '--json'], here)
    expect(stderr).toContain('violation  Refinement a step of the cluster is made of abstract steps')
    expect(stderr).toContain('do this: quorum.inSyncReplicas {b1 b2} → {b1 b2 b3}')
    expect(code).toBe(1)
    expect(lastJson({ code, stderr, ...rest })).toMatchObject({ verdict: 'violation', expected: true })
  })
})

describe('bad usage of explore ends with 2 and says what to do', minute, () => {
  test.each([
    [['kip-32'], "value 'kip-32' is invalid for argument 'spec'. Did you mean kip-320"],
    [['kip-320', '--bound', 'brokers=2'], 'there is no bound brokers. The bounds and their usual values: replicas=3,'],
    [['kip-320', '--bound', 'replicas=two'], 'must be a whole number from 1 to 5, not "two".'],
    [['kip-320', '--bound', 'replicas'], 'must be a whole number from 1 to 5, not "".'],
    [['cluster', '--bound', 'brokers=9'], 'the bound brokers must be a whole number from 1 to 4, not "9".'],
    [['kip-320', '--invariant', 'Strong'], 'kip-320 has no invariant Strong. Did you mean StrongIsr?'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await lockstep(['explore', ...args], here)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
