// `lockstep check --disk real`: the log on a real folder, in a process that is killed at points that the seed chooses.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { counted, valueText } from '../traces/render/failure.ts'
import { operationLine } from '../traces/render/operation.ts'
import { shortened } from '../traces/render/words.ts'
import type { CheckOptions } from './check.ts'
import { exitCodes, UsageError } from './exit.ts'
import { listenForInterrupt } from './interrupt.ts'
import { leftPart, type Sofar, startProgress } from './progress.ts'
import { type DiskRun, runOnDisk } from './real-disk-run.ts'
import { printJson, say, styled } from './screen.ts'

/** Runs when neither a number nor a time is given: about half a minute. */
const defaultRuns = 25
const findingsShown = 3

type NumberedRun = DiskRun & { readonly run: number }

/** Runs the campaign; gives the exit code. */
export async function checkRealDisk(options: CheckOptions): Promise<number> {
  if (options.scope !== undefined && options.scope !== 'log') {
    throw new UsageError(`--disk real is for scope log, not ${options.scope}. Leave --scope out.`)
  }
  if (options.subject !== 'impl') throw new UsageError('--disk real runs the implementation. Leave --subject out.')
  if (options.runs !== undefined && options.time !== undefined) {
    throw new UsageError('--runs and --time say the same thing in two ways. Give one of them.')
  }
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const lanes = options.workers ?? availableParallelism()
  const startedAt = performance.now()
  const secondsSince = (): number => (performance.now() - startedAt) / 1000
  const wanted = options.runs ?? (options.time === undefined ? defaultRuns : Number.POSITIVE_INFINITY)
  const interrupt = listenForInterrupt()
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'))
  const runs: NumberedRun[] = []
  const progress = startProgress(() => sofar(runs, wanted, options.time, secondsSince()))
  say(`checking log on a real disk with seed ${seed}, ${lanes} at a time`)
  try {
    let next = 0
    const isOver = (): boolean =>
      interrupt.signal.aborted || next >= wanted || (options.time !== undefined && secondsSince() >= options.time)
    const lane = async (): Promise<void> => {
      while (!isOver()) {
        const run = next++
        const done = await runOnDisk(seed, run, join(folder, String(run)), interrupt.signal)
        if (interrupt.signal.aborted) return
        runs.push({ ...done, run })
        rmSync(join(folder, String(run)), { recursive: true, force: true })
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    progress.end()
    return report(
      runs.toSorted((a, b) => a.run - b.run),
      seed,
      secondsSince(),
      interrupt.signal.aborted,
      options.json,
    )
  } finally {
    progress.end()
    interrupt.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function sofar(runs: readonly NumberedRun[], wanted: number, time: number | undefined, seconds: number): Sofar {
  const done = time === undefined ? runs.length / wanted : seconds / time
  const failing = runs.filter(({ finding }) => finding.kind === 'violation').length
  return {
    done,
    parts: [
      ...(done === 0 ? [] : [leftPart((seconds * (1 - done)) / done)]),
      { text: `${failing} failing`, ...(failing > 0 ? { style: 'red' as const } : {}) },
      { text: counted(runs.length, 'run') },
      { text: counted(sumOf(runs, 'kills'), 'kill') },
      { text: counted(sumOf(runs, 'operations'), 'operation') },
    ],
  }
}

function report(
  runs: readonly NumberedRun[],
  seed: number,
  seconds: number,
  interrupted: boolean,
  json: boolean,
): number {
  const violations = runs.flatMap(({ run, finding }) => (finding.kind === 'violation' ? [{ run, ...finding }] : []))
  const unknown = runs.flatMap(({ run, finding }) =>
    finding.kind === 'unknown' ? [{ scope: 'log', seed, run, runs: 1, sentence: finding.sentence }] : [],
  )
  for (const { run, sentence, done, differences } of violations.slice(0, findingsShown)) {
    say('', styled(['bold', 'red'], 'violation  L6 recovery keeps what was written'), `           ${sentence}`)
    say(
      `seed ${seed}, run ${run}`,
      '',
      ...done.map((operation, index) => `  ${index + 1}  ${shortened(operationLine('log', operation), 100)}`),
      '',
    )
    say(
      ...differences.map(
        ({ path, model, subject }) => `  ${path}: ${valueText(model)} in the model, ${valueText(subject)} on disk`,
      ),
    )
    say('', `replay   npx lockstep check --scope log --disk real --seed ${seed} --runs ${run + 1}`)
  }
  for (const { run, sentence } of unknown.slice(0, findingsShown))
    say(`${styled('yellow', 'unknown')}    run ${run}: ${sentence}`)
  const verdict = violations.length > 0 ? 'violation' : unknown.length > 0 ? 'unknown' : 'agree'
  const totals = {
    operations: sumOf(runs, 'operations'),
    kills: sumOf(runs, 'kills'),
    killsInside: sumOf(runs, 'killsInside'),
    recoveries: sumOf(runs, 'recoveries'),
  }
  if (interrupted) say('interrupted: this is what was found until then')
  say(
    `${styled(['bold', verdict === 'agree' ? 'green' : 'red'], verdict)}: ${counted(runs.length, 'run')}, ${counted(totals.operations, 'operation')}, ` +
      `${counted(totals.kills, 'kill')} (${totals.killsInside} in the middle of something), ${totals.recoveries} recoveries in ${seconds.toFixed(1)} s`,
  )
  if (json) {
    printJson({
      verdict,
      seed,
      runs: runs.length,
      ...totals,
      seconds: Math.round(seconds * 1000) / 1000,
      operationsPerSecond: Math.round(totals.operations / seconds),
      interrupted,
      reached: {},
      missing: [],
      violations: violations.map(({ run, sentence, done }) => ({
        claim: 'L6',
        sentence,
        operations: done.length,
        seed,
        run,
      })),
      unknown,
    })
  }
  return exitCodes[verdict]
}

function sumOf(runs: readonly DiskRun[], field: 'operations' | 'kills' | 'killsInside' | 'recoveries'): number {
  return runs.reduce((sum, run) => sum + run[field], 0)
}
