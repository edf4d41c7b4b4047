// One measurement in a process of its own: seeded runs of one scope, drawn first, then carried out in one way.
//
//   node bench/lockstep-once.ts SCOPE WAY TIMES
//
// Ways: `lockstep` (model, subject, incremental comparison, claims), `deep-equal` (model, subject, and everything compared
// by node:util after each operation: what one would write first), `subject` (the implementation alone). TIMES repeats the
// operations of each run on the same cluster, so that its sequences are that many times longer.
import { isDeepStrictEqual } from 'node:util'
import { drawRun } from '../properties/generation/walk.ts'
import { runLockstep } from '../properties/lockstep.ts'
import { Random, seedOf } from '../properties/random.ts'
import type { Run, Scope } from '../properties/scope.ts'
import { scopes } from '../properties/scopes.ts'
import type { ScopeName } from '../properties/verdict.ts'

const [scopeName = 'log', way = 'lockstep', times = '1'] = process.argv.slice(2)
/** Seconds of warming up, and of measuring after it. */
const warmingSeconds = 2
const measuredSeconds = 3

function* drawn<S extends ScopeName>(scope: Scope<S>): Iterable<Run<S>> {
  for (let index = 0; ; index++) {
    const { setup, operations } = drawRun(scope, new Random(seedOf(1, index)))
    // Three brokers, as the claim about speed has it.
    if ('brokers' in setup && setup.scope === 'cluster' && setup.brokers !== 3) continue
    yield { setup, operations: Array.from({ length: Number(times) }, () => operations).flat() }
  }
}

function carryOut<S extends ScopeName>(scope: Scope<S>, { setup, operations }: Run<S>): number {
  let messages = 0
  if (way === 'lockstep') runLockstep(setup, operations, scope.subject, { scope, labels: false })
  else {
    const subject = scope.subject.start(setup)
    const model = way === 'deep-equal' ? scope.startModel(setup) : null
    for (const operation of operations) {
      const outcome = subject.apply(operation)
      if ('messages' in outcome) messages += outcome.messages
      const seen = subject.observe()
      if (model === null) continue
      const isEqual = isDeepStrictEqual(model.apply(operation), outcome) && isDeepStrictEqual(model.observe(), seen)
      if (!isEqual) throw new Error('the sides differ')
    }
  }
  return messages
}

/** Carries out the runs, and again from the first when there are no more, until the time is over. */
function carryOutFor<S extends ScopeName>(scope: Scope<S>, runs: readonly Run<S>[], secondsMost: number) {
  const started = performance.now()
  let operations = 0
  let messages = 0
  for (;;) {
    for (const run of runs) {
      messages += carryOut(scope, run)
      operations += run.operations.length
      const seconds = (performance.now() - started) / 1000
      if (seconds > secondsMost) return { operations, messages, seconds }
    }
  }
}

function measure<S extends ScopeName>(scope: Scope<S>): object {
  const runs: Run<S>[] = []
  for (const run of drawn(scope)) {
    if (runs.length === 400) break
    runs.push(run)
  }
  const { operations: warmed, seconds: warming } = carryOutFor(scope, runs, warmingSeconds)
  const cpuBefore = process.cpuUsage()
  const { operations, messages, seconds } = carryOutFor(scope, runs, measuredSeconds)
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    operationsPerCpuSecond: Math.round(operations / ((user + system) / 1e6)),
    operationsPerSecond: Math.round(operations / seconds),
    operationsPerSecondAtFirst: Math.round(warmed / warming),
    messagesPerOperation: Math.round((messages / operations) * 10) / 10,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

const found = Object.values(scopes).find(({ name }) => name === scopeName)
if (found === undefined) throw new Error(`there is no scope ${scopeName}`)
console.log(JSON.stringify(measure(found as Scope<ScopeName>)))
