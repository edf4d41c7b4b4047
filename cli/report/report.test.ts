import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type SchemaObject } from 'ajv'
import { afterAll, describe, expect, test } from 'vitest'
import { readTrace } from '../../traces/read.ts'
import { type CampaignReportFile, campaignReportSchema } from '../../traces/schema/campaign-report.ts'
import { lastJson, lockstep, subjects } from '../testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-report-'))
const here = { cwd: folder, env: { GITHUB_STEP_SUMMARY: '' } }
afterAll(() => rmSync(folder, { recursive: true }))

const isReport = new Ajv({ strict: true }).compile<CampaignReportFile>(campaignReportSchema as SchemaObject)
const small = ['check', '--scope', 'partitioner', '--seed', '7', '--runs', '1200']
const minute = { timeout: 60_000 }
/** What no run of the partitioner reaches once this file is loaded. */
const unreachableFile = fileURLToPath(new URL('../testing/unreachable.ts', import.meta.url))
const unreachable = 'a key without bytes hashed to two partitions'

/** The report, held to its schema. */
function reportIn(name: string): CampaignReportFile {
  const report: unknown = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8'))
  if (!isReport(report)) throw new Error(JSON.stringify(isReport.errors))
  return report
}

function fileIn(name: string, file: string): string {
  return readFileSync(join(folder, name, file), 'utf8')
}

describe('a report', minute, () => {
  test('is the same with one worker and with two, byte for byte, but for its timings', async () => {
    const texts: string[] = []
    for (const workers of ['1', '2']) {
      const args = ['check', '--seed', '7', '--runs', '700', '--workers', workers, '--report', `with-${workers}`]
      expect(await lockstep(args, here)).toMatchObject({ code: 0 })
      const { timings, ...rest } = reportIn(`with-${workers}`)
      expect(timings).toMatchObject({ workers: Number(workers) })
      expect(timings.slowest.length).toBeGreaterThan(5)
      texts.push(JSON.stringify(rest))
    }
    expect(texts[1]).toBe(texts[0])
  })

  test('says what ran, and leaves no other files', async () => {
    const { code, stderr } = await lockstep([...small, '--report', 'green'], here)
    expect(stderr).toContain(`report     ${join('green', 'report.html')}`)
    expect(code).toBe(0)
    expect(readdirSync(join(folder, 'green')).sort()).toEqual(['junit.xml', 'report.html', 'report.json', 'report.md'])
    const report = reportIn('green')
    expect(report).toMatchObject({
      verdict: 'agree',
      complaints: [],
      command: 'npx lockstep check --scope partitioner --runs 1200 --seed 7',
      runs: 1200,
      isInterrupted: false,
      scopes: [{ scope: 'partitioner', runs: 1200, isAsked: true, missing: [] }],
    })
    const [part] = report.scopes
    expect(part?.operationKinds.reduce((sum, { all }) => sum + all, 0)).toBe(report.operations)
    expect(part?.drawn).toMatchObject([
      { setting: 'partitioner', values: [{ value: 'roundRobin' }, { value: 'sticky' }] },
    ])
    expect(part?.drawn[0]?.values.reduce((sum, { runs }) => sum + runs, 0)).toBe(1200)
    expect(part?.labels.map(({ over }) => over.length)).toEqual(part?.labels.map(() => Math.ceil(1200 / 32)))
    expect(part?.novelty.over.reduce((sum, count) => sum + count, 0)).toBe(part?.novelty.pairs)
    expect(fileIn('green', 'report.html')).toContain("default-src 'none'")
    expect(fileIn('green', 'junit.xml')).toContain(
      '<testcase classname="lockstep.partitioner" name="reaches everything"/>',
    )
  })

  test('of a failure has its trace beside it, and fails in JUnit and in the job summary', async () => {
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'before\n')
    const env = { GITHUB_STEP_SUMMARY: summary }
    const args = [...small, '--subject', `${subjects}#wrong`, '--report', 'failing']
    expect(await lockstep(args, { ...here, env })).toMatchObject({ code: 1 })
    const { verdict, complaints, failures } = reportIn('failing')
    expect({ verdict, complaints: complaints.length }).toEqual({ verdict: 'violation', complaints: 1 })
    const [failure] = failures
    expect(failure).toMatchObject({ claim: 'O3', scope: 'partitioner', operations: 1 })
    // The picture is the one that was written beside the trace, and the page has the way to it.
    const trace = failure?.trace ?? ''
    const drawn = /^picture {2}(.*)$/m.exec(failure?.lines.join('\n') ?? '')?.[1] ?? ''
    expect(failure?.picture).toBe(trace.replace(/json$/, 'html'))
    expect(fileIn('failing', failure?.picture ?? '')).toBe(fileIn('.', drawn))
    expect(fileIn('failing', 'report.html')).toContain(JSON.stringify(failure?.picture))
    expect(readTrace(join(folder, 'failing', trace)).operations).toHaveLength(1)
    expect(failure?.lines[0]).toBe('violation  O3 producer order')
    const junit = fileIn('failing', 'junit.xml')
    expect(junit).toContain('tests="3" failures="1" errors="0"')
    expect(junit).toContain('name="O3 producer order"><failure message="after choose')
    expect(readFileSync(summary, 'utf8')).toBe(`before\n${fileIn('failing', 'report.md')}`)
    expect(fileIn('failing', 'report.md')).toContain('violation  O3 producer order')
  })

  test('of a campaign that did not reach what it must says so in red, and the campaign ends with 1', async () => {
    const env = { GITHUB_STEP_SUMMARY: '', NODE_OPTIONS: `--import=${unreachableFile}` }
    const ended = await lockstep([...small, '--report', 'missing'], { ...here, env })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(`never were:\n  partitioner: ${unreachable}`)
    expect(reportIn('missing')).toMatchObject({
      verdict: 'missing',
      complaints: [`1 behaviour must be reached and never was: partitioner: ${unreachable}`],
      failures: [],
      scopes: [{ missing: [unreachable], isAsked: true }],
    })
    expect(fileIn('missing', 'junit.xml')).toContain('name="reaches everything"><failure')
    expect(fileIn('missing', 'report.md')).toMatch(/^# ❌ lockstep check: missing\n/)
  })

  test('takes the place of an older one, whose failures are gone, and leaves what is not of a report', async () => {
    const args = [...small, '--subject', `${subjects}#wrong`, '--report', 'again']
    expect(await lockstep(args, here)).toMatchObject({ code: 1 })
    writeFileSync(join(folder, 'again', 'traces', 'notes.txt'), 'mine')
    expect(readdirSync(join(folder, 'again', 'traces'))).toHaveLength(3)
    expect(await lockstep([...small, '--report', 'again'], here)).toMatchObject({ code: 0 })
    expect(readdirSync(join(folder, 'again', 'traces'))).toEqual(['notes.txt'])
    expect(reportIn('again').verdict).toBe('agree')
  })

  test('whose folder is gone in the end is told, after what was found', async () => {
    const env = { GITHUB_STEP_SUMMARY: '', LOCKSTEP_TEST_MARKER: join(folder, 'taken') }
    const args = [...small, '--subject', `${subjects}#takingTheFolder`, '--report', 'taken', '--json']
    const ended = await lockstep(args, { ...here, env })
    expect(ended.stderr).toContain('--report taken cannot be written to any more')
    expect(lastJson(ended)).toMatchObject({ verdict: 'agree', runs: 1200 })
    expect(ended.code).toBe(2)
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('')
  })

  test('of runs that did not end says so, and is an error in JUnit', async () => {
    const args = [...small, '--subject', `${subjects}#throwing`, '--report', 'throwing']
    expect(await lockstep(args, here)).toMatchObject({ code: 3 })
    expect(reportIn('throwing')).toMatchObject({
      verdict: 'unknown',
      complaints: expect.arrayContaining(['nothing is known of 995 runs']),
    })
    expect(fileIn('throwing', 'junit.xml')).toContain('name="every run ends"><error message="throwing gave no usable')
  })

  test('of a campaign that lost runs has a gap where they were, and claims nothing of saturation', async () => {
    const env = { GITHUB_STEP_SUMMARY: '', LOCKSTEP_TEST_MARKER: join(folder, 'died') }
    const args = [...small, '--subject', `${subjects}#dyingOnce`, '--workers', '1', '--report', 'lost']
    expect(await lockstep(args, { ...here, env })).toMatchObject({ code: 3 })
    const [part] = reportIn('lost').scopes
    expect(part).toMatchObject({ runs: 700, endRun: 1200, runsInPoint: 32, novelty: { lastTenth: { runs: 120 } } })
    // Runs 0 to 499 were lost, so that the curves begin with the last twelve of the sixteenth point.
    const runsOver = [...Array.from({ length: 15 }, () => 0), 12, ...Array.from({ length: 21 }, () => 32), 16]
    expect(part?.runsOver).toEqual(runsOver)
    for (const { over } of [...(part?.labels ?? []), ...(part?.claims ?? [])]) {
      expect(over.map((count, place) => count <= (runsOver[place] ?? 0))).toEqual(runsOver.map(() => true))
    }
    expect(part?.novelty.over).toHaveLength(runsOver.length)
    expect(part?.novelty.sentence).toContain(
      'in 1200 runs. Nothing is said of saturation: nothing is known of 500 of them.',
    )
  })

  test('of an interrupted campaign says what was done until then', minute, async () => {
    const args = ['check', '--scope', 'partitioner', '--time', '600', '--report', 'interrupted']
    // The first line of progress, when there are runs.
    expect(await lockstep(args, { ...here, interruptAt: 'operations/s' })).toMatchObject({ code: 0 })
    const { isInterrupted, complaints, runs } = reportIn('interrupted')
    expect(fileIn('interrupted', 'report.md')).toMatch(/^# ❔ lockstep check: agree, until it was interrupted\n/)
    expect(fileIn('interrupted', 'junit.xml')).toContain('name="every run ends"><skipped message="interrupted after')
    expect({ isInterrupted, complaints }).toEqual({
      isInterrupted: true,
      complaints: [`interrupted: this is what was found in ${runs} runs, until then`],
    })
  })
})

describe('a folder that cannot hold a report ends with 2 before anything runs', minute, () => {
  test('a file', async () => {
    writeFileSync(join(folder, 'file'), 'mine')
    const { code, stderr } = await lockstep([...small, '--report', 'file'], here)
    expect(stderr).toContain('--report file is a file. Name a folder: the report is several files.')
    expect(stderr).not.toContain('checking')
    expect(code).toBe(2)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
  })

  test('a folder of somebody else', async () => {
    const mine = join(folder, 'mine')
    mkdirSync(join(mine, 'traces'), { recursive: true })
    writeFileSync(join(mine, 'report.json'), '{"format":"of another tool"}')
    const { code, stderr } = await lockstep([...small, '--report', 'mine'], here)
    expect(stderr).toContain('--report mine holds report.json, which is no part of a report. Name a new folder, or one')
    expect(stderr).not.toContain('checking')
    expect(code).toBe(2)
    expect(readdirSync(mine)).toEqual(['report.json', 'traces'])
    expect(readFileSync(join(mine, 'report.json'), 'utf8')).toBe('{"format":"of another tool"}')
  })

  test('a folder with an older report, and more', async () => {
    const older = '{"format":"kafka-lockstep-campaign-report"}'
    mkdirSync(join(folder, 'shared'))
    writeFileSync(join(folder, 'shared', 'report.json'), older)
    writeFileSync(join(folder, 'shared', 'package.json'), '{}')
    const { code, stderr } = await lockstep([...small, '--report', 'shared'], here)
    expect(stderr).toContain('--report shared holds package.json')
    expect(code).toBe(2)
    expect(fileIn('shared', 'report.json')).toBe(older)
  })

  test('a folder below a file', async () => {
    const { code, stderr } = await lockstep([...small, '--report', 'file/below'], here)
    expect(stderr).toContain('--report file/below cannot be written to')
    expect(code).toBe(2)
  })

  test.skipIf(!existsSync('/proc/self'))('a folder in which nobody can make anything', async () => {
    const { code, stderr } = await lockstep([...small, '--report', '/proc/a/report'], here)
    expect(stderr).toContain('--report /proc/a/report cannot be written to (ENOENT')
    expect(code).toBe(2)
  })

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)('a folder without the right to write', async () => {
    chmodSync(mkdtempSync(join(folder, 'closed-')), 0o500)
    const [closed = ''] = readdirSync(folder).filter(name => name.startsWith('closed-'))
    const { code, stderr } = await lockstep([...small, '--report', closed], here)
    expect(stderr).toContain('cannot be written to')
    expect(code).toBe(2)
    expect(existsSync(join(folder, closed, 'report.json'))).toBe(false)
  })

  test('a real disk has no report', async () => {
    const { code, stderr } = await lockstep(['check', '--disk', 'real', '--report', 'disk'], here)
    expect(stderr).toContain('--disk real has no report. Leave --report out.')
    expect(code).toBe(2)
  })
})

test('a report with another version or an unknown field is refused', () => {
  expect(isReport({ format: 'kafka-lockstep-campaign-report', version: 2 })).toBe(false)
  const report = reportIn('green')
  expect(isReport(report)).toBe(true)
  expect(isReport({ ...report, version: 2 })).toBe(false)
  expect(isReport({ ...report, more: 1 })).toBe(false)
})
