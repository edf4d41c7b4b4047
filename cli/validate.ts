// `lockstep validate`: somebody else's implementation against the model, and a conformance report of it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScopeName } from '../properties/verdict.ts'
import { counted } from '../traces/render/failure.ts'
import { markdownOf } from './conformance/markdown.ts'
import type { Conformance } from './conformance/report.ts'
import { terminalLines } from './conformance/text.ts'
import { exitCodes, UsageError } from './exit.ts'
import { printJson, say } from './screen.ts'

export type ValidateOptions = {
  /** A command whose process speaks the subject protocol. */
  readonly exec?: string
  /** Addresses of a running broker, `HOST:PORT,…`. */
  readonly broker?: string
  /** A release of Apache Kafka, which is fetched and started. */
  readonly kafka?: string
  /** How many brokers of it; 1 when absent. */
  readonly brokers?: number
  /** What the report calls a broker. */
  readonly name?: string
  /** A file of findings that are explained already. */
  readonly known?: string
  readonly scope?: ScopeName
  readonly runs?: number
  /** Seconds. */
  readonly time?: number
  readonly seed?: number
  readonly workers?: number
  /** Seconds for one answer. */
  readonly timeout: number
  /** Folder for the report and its traces. */
  readonly output?: string
  readonly json: boolean
}

/** Validates what was given, and tells the report; gives the exit code. Throws `UsageError`. */
export async function validate(options: ValidateOptions): Promise<number> {
  if (options.runs !== undefined && options.time !== undefined) {
    throw new UsageError('--runs and --time say the same thing in two ways. Give one of them.')
  }
  const report = await reportOf(options)
  say(...terminalLines(report))
  if (options.output !== undefined) writeReport(options.output, report)
  if (options.json) printJson(report)
  return exitCodes[report.verdict]
}

/** Each way to name a subject has an option of its own. */
async function reportOf(options: ValidateOptions): Promise<Conformance> {
  const { exec, broker, kafka } = options
  const given = [exec, broker, kafka].filter(one => one !== undefined)
  if (given.length !== 1 || given[0]?.trim() === '') {
    throw new UsageError('give one thing to validate: --exec "CMD", --broker HOST:PORT, or --kafka VERSION.')
  }
  checkFits(options)
  if (exec !== undefined) {
    const { validateExec } = await import('./validate-exec.ts')
    return validateExec(exec, options)
  }
  const { validateBroker } = await import('./validate-broker.ts')
  if (broker !== undefined) return validateBroker({ bootstrap: broker, name: options.name ?? broker }, options)
  const { startKafka } = await import('./apache/start.ts')
  const brokers = options.brokers ?? 1
  say(`starting Apache Kafka ${kafka} with ${counted(brokers, 'broker')}; it is fetched when it is not there yet`)
  const running = await startKafka({ version: kafka ?? '', brokers })
  try {
    const name = options.name ?? `Apache Kafka ${running.version}, ${counted(brokers, 'broker')}`
    return await validateBroker({ bootstrap: running.bootstrap, name }, options)
  } finally {
    await running.stop()
  }
}

/** Options that say something of another kind of subject only. Throws `UsageError`. */
function checkFits({ exec, kafka, known, name, scope, brokers }: ValidateOptions): void {
  if (exec !== undefined && known !== undefined) throw new UsageError('--known is for brokers. Leave it out.')
  if (exec !== undefined && name !== undefined)
    throw new UsageError('--name is for brokers: a process says its own. Leave it out.')
  if (exec === undefined && scope !== undefined) {
    throw new UsageError('--scope is for --exec: a broker is validated as a whole. Leave it out.')
  }
  if (kafka === undefined && brokers !== undefined) {
    throw new UsageError('--brokers is for --kafka: others say themselves how many they are. Leave it out.')
  }
}

function writeReport(folder: string, report: Conformance): void {
  mkdirSync(folder, { recursive: true })
  const [json, markdown] = [join(folder, 'report.json'), join(folder, 'report.md')]
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(markdown, markdownOf(report))
  say(`written  ${json}, ${markdown}`)
}
