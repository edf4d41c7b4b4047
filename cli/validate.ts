// `lockstep validate`: somebody else's implementation against the model, and a conformance report of it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScopeName } from '../properties/verdict.ts'
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
  /** Findings that are explained already. */
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
  const { exec, broker } = options
  const given = [exec, broker].filter(one => one !== undefined)
  if (given.length !== 1 || given[0]?.trim() === '') {
    throw new UsageError('give one thing to validate: --exec "CMD" or --broker HOST:PORT.')
  }
  if (exec !== undefined) {
    if (options.known !== undefined) throw new UsageError('--known is for brokers. Leave it out.')
    const { validateExec } = await import('./validate-exec.ts')
    return validateExec(exec, options)
  }
  if (options.scope !== undefined)
    throw new UsageError('--scope is for --exec: a broker is validated as a whole. Leave it out.')
  const { validateBroker } = await import('./validate-broker.ts')
  return validateBroker({ bootstrap: broker ?? '', name: broker ?? '' }, options)
}

function writeReport(folder: string, report: Conformance): void {
  mkdirSync(folder, { recursive: true })
  const [json, markdown] = [join(folder, 'report.json'), join(folder, 'report.md')]
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(markdown, markdownOf(report))
  say(`written  ${json}, ${markdown}`)
}
