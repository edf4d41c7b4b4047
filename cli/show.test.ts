// The command that draws, as its users run it. What is in a picture is tested beside traces/film/.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isRecord, unpackedIn } from './testing/film.ts'
import { lastJson, lockstep, subjects } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-show-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))

const traces = join(import.meta.dirname, '../traces')
const minute = { timeout: 60_000 }

/** The film in a page that was written. */
function filmIn(file: string) {
  return unpackedIn(readFileSync(join(folder, file), 'utf8'))
}

describe('show', minute, () => {
  test.each([
    ['a trace of a component', 'corpus/log-torn-tail.json', 'log', 'agree'],
    ['a trace of a cluster', 'corpus/cluster-fast-leader-failover.json', 'cluster', 'agree'],
    ['a story', 'stories/zombie-commit.txt', 'cluster', 'agree'],
    [
      'a trace of a live broker that nobody asks',
      '../docs/findings/traces/kfake-two-leaders.json',
      'service',
      'unknown',
    ],
  ])('draws %s and ends with 0', async (_what, path, scope, verdict) => {
    const file = `${scope}-${verdict}.html`
    const ended = await lockstep(['show', join(traces, path), '-o', file, '--json'], here)
    expect(ended.stderr).toContain(`\npicture  ${file}\n`)
    expect(ended.code).toBe(0)
    expect(lastJson(ended)).toMatchObject({ picture: file, verdict })
    expect(filmIn(file)).toMatchObject({ format: 'kafka-lockstep-film', scope, verdict: { kind: verdict } })
  })

  test('writes beside the trace, with the command that replays it', async () => {
    writeFileSync(join(folder, 'mine.json'), readFileSync(join(traces, 'stories/zoo/torn-tail-not-cut.json')))
    const ended = await lockstep(['show', 'mine.json', '--subject', 'zoo:torn-tail-not-cut'], here)
    expect(ended.stderr).toMatch(/^violation {2}O2 dense append\n[\s\S]*\npicture {2}mine\.html\n$/)
    expect(ended.code).toBe(0)
    expect(filmIn('mine.html')).toMatchObject({
      name: 'mine.json',
      replay: 'npx lockstep replay mine.json --subject zoo:torn-tail-not-cut',
      verdict: { kind: 'violation', step: 3 },
    })
  })

  test('a story has the command that draws it again, on the same subject', async () => {
    const story = join(traces, 'stories/zoo/unfenced-fetch.txt')
    await lockstep(['show', story, '-o', 'story.html', '--subject', 'zoo:unfenced-fetch'], here)
    expect(filmIn('story.html')).toMatchObject({ replay: `npx lockstep show ${story} --subject zoo:unfenced-fetch` })
  })

  test('of a live broker that nobody named the command says where its address goes', async () => {
    const trace = join(traces, '../docs/findings/traces/kfake-two-leaders.json')
    await lockstep(['show', trace, '-o', 'live.html'], here)
    expect(filmIn('live.html')).toMatchObject({
      replay: `npx lockstep replay ${trace} --subject broker:HOST:PORT`,
    })
  })

  test('draws the model alone when the subject hangs, and ends with 3', async () => {
    const trace = join(traces, 'corpus/partitioner-sticky-never-stays.json')
    const args = ['show', trace, '-o', 'hung.html', '--subject', `${subjects}#hanging`, '--timeout', '5']
    const ended = await lockstep(args, here)
    expect(ended.stderr).toContain('the worker did not answer within 5 s')
    expect(ended.code).toBe(3)
    const film = filmIn('hung.html')
    expect(film).toMatchObject({ verdict: { kind: 'unknown' }, subject: `${subjects}#hanging` })
    expect(isRecord(film) && Array.isArray(film.steps) && film.steps.length).toBeGreaterThan(1)
  })

  test('draws a counter-example of the explorer', async () => {
    const found = await lockstep(['explore', 'truncate-to-high-watermark', '-o', 'found.json'], here)
    expect(found.stderr).toContain('\npicture  found.html\n')
    const shown = await lockstep(['show', 'found.json', '-o', 'again.html'], here)
    expect(shown.code).toBe(0)
    expect(filmIn('again.html')).toEqual(filmIn('found.html'))
    expect(filmIn('again.html')).toMatchObject({ scope: 'abstract', verdict: { kind: 'violation', title: 'WeakIsr' } })
    const wrong = await lockstep(['show', 'found.json', '--subject', 'zoo:torn-tail-not-cut'], here)
    expect(wrong.stderr).toContain('has no subject. Leave --subject out.')
    expect(wrong.code).toBe(2)
  })

  test.each([
    [['none.json'], 'none.json cannot be read: there is no such file.'],
    [['none.txt'], 'none.txt cannot be read: there is no such file.'],
    [['odd.txt'], 'odd.txt is no story: line 1: "fly b1" is not a command'],
    [['odd.json'], 'odd.json is not a trace'],
    [['kept.json', '-o', './kept.json'], 'would be written over kept.json itself. Give another file: -o FILE.'],
    [['kept.json', '-o', 'kept.json/x.html'], 'kept.json/x.html cannot be written'],
    [['kept.json', '--wire'], '--wire is for scope cluster'],
    [['live.json', '--subject', 'zoo:torn-tail-not-cut'], 'is a trace of a live broker.'],
  ])('%j is bad input', async (args, message) => {
    writeFileSync(join(folder, 'odd.txt'), 'fly b1\n----\n')
    writeFileSync(join(folder, 'odd.json'), '{}')
    writeFileSync(join(folder, 'kept.json'), readFileSync(join(traces, 'corpus/log-torn-tail.json')))
    writeFileSync(
      join(folder, 'live.json'),
      readFileSync(join(traces, '../docs/findings/traces/kfake-two-leaders.json')),
    )
    const ended = await lockstep(['show', ...args], here)
    expect(ended.stderr).toContain(message)
    expect(ended.code).toBe(2)
  })
})
