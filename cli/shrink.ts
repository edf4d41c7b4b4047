// `lockstep shrink TRACE -o OUT`: makes any failing trace smaller and keeps what it breaks.
import { readAnyTrace, readTrace } from '../traces/read.ts'
import { counted, headline } from '../traces/render/failure.ts'
import { serviceScope } from '../traces/service.ts'
import type { Trace } from '../traces/trace.ts'
import { writeTrace } from '../traces/write.ts'
import { exitCodes, UsageError } from './exit.ts'
import { listenForInterrupt } from './interrupt.ts'
import { shrinkLiveTrace } from './live-trace.ts'
import { pictureBeside, pictured } from './picture.ts'
import { printJson, say } from './screen.ts'
import { checkDeclared, checkSubjectChoice, choiceOf, loadSubject, type SubjectChoice } from './subject.ts'
import type { ShrunkTrace } from './tasks.ts'
import { startWorkers, type Workers } from './workers.ts'

export type ShrinkOptions = SubjectChoice & {
  readonly output: string
  readonly timeout: number
  readonly json: boolean
}

/** Shrinks a trace file into another. Throws `UsageError` when it does not fail. */
export async function shrinkTrace(path: string, options: ShrinkOptions): Promise<number> {
  checkSubjectChoice(options)
  const live = readAnyTrace(path)
  if (live.scope === serviceScope) return shrinkLiveTrace(path, live, options.output, options)
  const trace = readTrace(path)
  const subject = await loadSubject(options, trace.scope)
  subject.end?.()
  checkDeclared(subject, trace.operations)
  const interrupt = listenForInterrupt()
  const workers = startWorkers(1, interrupt.signal)
  try {
    const { trace: smaller, verdict, executions } = await smallerTrace(path, trace, options, workers)
    writeTrace(options.output, smaller)
    const shrunk = `shrunk from ${counted(trace.operations.length, 'operation')} to ${smaller.operations.length}`
    const shown = { kind: 'trace', trace: smaller } as const
    say(
      ...headline(verdict),
      `${shrunk} in ${counted(executions, 'execution')}`,
      `written  ${options.output}`,
      await pictureBeside(options.output, pictured(options.output, shown, choiceOf(options), shrunk), workers),
    )
    if (options.json) {
      printJson({
        trace: path,
        written: options.output,
        claim: verdict.claim,
        operationsBefore: trace.operations.length,
        operations: smaller.operations.length,
        executions,
      })
    }
    return exitCodes.agree
  } finally {
    interrupt.stop()
    await workers.end()
  }
}

async function smallerTrace(
  path: string,
  trace: Trace,
  options: ShrinkOptions,
  workers: Workers,
): Promise<ShrunkTrace> {
  const done = await workers.run('shrinkTask', { trace, choice: choiceOf(options) }, options.timeout * 1000)
  if (done.kind === 'interrupted') throw new UsageError('interrupted before anything smaller was written.')
  if (done.kind === 'lost')
    throw new UsageError(`${path} cannot be shrunk: ${done.sentence}. Raise --timeout, or mend the subject.`)
  if (done.result !== null) return done.result
  throw new UsageError(
    `${path} breaks no claim with the subject ${options.subject}, so there is nothing to shrink. Give a trace that fails.`,
  )
}
