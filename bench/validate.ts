// How fast a live broker is validated: operations a second against Apache Kafka and against our own brokers, in one run.
//
// `node bench/validate.ts [--brokers 1] [--seconds 15] [--rounds 3]`. Rounds go around all rows, so that a noisy machine is noisy for
// each; the numbers are the median of the rounds. Both clusters are idle but for the row that is measured.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startKafka } from '../cli/apache/start.ts'
import { heldAgainst } from '../cli/apache/version.ts'
import { groundOf, liveOptions, patienceMs } from '../cli/broker-choice.ts'
import { probe } from '../properties/subjects/broker/probe.ts'
import { apisOf } from '../properties/subjects/broker/spoken.ts'
import { brokerSubject } from '../properties/subjects/broker/subject.ts'
import { warmUp } from '../properties/subjects/broker/warm-up.ts'
import { runLiveCampaign } from '../properties/validation/campaign.ts'
import { startOurs } from './broker/ours.ts'

const { values } = parseArgs({
  options: {
    brokers: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '3' },
    port: { type: 'string', default: '26192' },
  },
})
const brokers = Number(values.brokers)
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const answerWithinMs = 10_000
/** Runs at a time: one waits for every answer, twelve are what `validate` does. */
const lanesOf = [1, 12]

const folder = mkdtempSync(join(tmpdir(), 'bench-validate-'))
const apache = await startKafka({ version: heldAgainst, brokers })
const ours = await startOurs({ brokers, folder, port: Number(values.port) })
try {
  const subjects = [
    { name: `Apache Kafka ${apache.version}`, bootstrap: apache.bootstrap },
    { name: 'lockstep serve', bootstrap: ours.bootstrap },
  ]
  const rows = subjects.flatMap(subject => lanesOf.map(lanes => ({ ...subject, lanes, rates: [] as number[] })))
  for (const { bootstrap } of subjects) await warmUp(await probe(bootstrap), answerWithinMs, 30_000)
  for (let round = 0; round < rounds; round++) for (const row of rows) row.rates.push(await rateOf(row, round))
  console.log(`${brokers} broker(s), ${seconds} s a row, the median of ${rounds} rounds\n`)
  for (const { name, lanes, rates } of rows) {
    console.log(
      `${name.padEnd(22)} ${String(lanes).padStart(2)} at a time  ${median(rates).toFixed(0).padStart(6)} operations/s`,
    )
  }
  for (const lanes of lanesOf) {
    const [theirs = 0, own = 0] = rows.filter(row => row.lanes === lanes).map(({ rates }) => median(rates))
    console.log(`ratio at ${lanes}: ${(own / theirs).toFixed(2)}`)
  }
} finally {
  await ours.stop()
  await apache.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function rateOf(
  { bootstrap, lanes }: { readonly bootstrap: string; readonly lanes: number },
  round: number,
): Promise<number> {
  const until = performance.now() + seconds * 1000
  const started = performance.now()
  const { tally } = await runLiveCampaign({
    ...liveOptions,
    subject: brokerSubject(bootstrap, { answerWithinMs, patienceMs }),
    ground: groundOf(await probe(bootstrap), null),
    apisOf,
    seed: 1000 + round,
    lanes,
    runsMost: Number.POSITIVE_INFINITY,
    isTimeUp: () => performance.now() > until,
    isShrinkingOver: () => true,
    onRun: () => {},
  })
  return (tally.operations / (performance.now() - started)) * 1000
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
