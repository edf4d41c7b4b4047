// `lockstep replay TRACE`: runs one trace, and says where and why the sides part, or that they agree.
import { abstractScope } from '../traces/abstract.ts'
import { readAnyTrace } from '../traces/read.ts'
import { headline, sideBySide } from '../traces/render/failure.ts'
import { serviceScope } from '../traces/service.ts'
import type { Trace } from '../traces/trace.ts'
import { exitCodeOf } from './exit.ts'
import { unexpectedText } from './expected.ts'
import { lookLine } from './failure.ts'
import { listenForInterrupt } from './interrupt.ts'
import { replayLiveTrace } from './live-trace.ts'
import { refinedVerdict } from './refined.ts'
import { replayAbstractTrace } from './replay-abstract.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'
import {
  checkDeclared,
  checkSubjectChoice,
  checkWireScope,
  choiceOf,
  loadSubject,
  type SubjectChoice,
} from './subject.ts'
import type { NamedAccount } from './tasks.ts'
import { startWorkers } from './workers.ts'

export type ReplayOptions = SubjectChoice & { readonly timeout: number; readonly json: boolean }

/** Replays a trace file; gives the exit code of its verdict. */
export async function replay(path: string, options: ReplayOptions): Promise<number> {
  checkSubjectChoice(options)
  const trace = readAnyTrace(path)
  if (trace.scope === serviceScope) return replayLiveTrace(path, trace, options)
  if (options.wire) checkWireScope(trace.scope)
  if (trace.scope === abstractScope) return replayAbstractTrace(path, trace, options.json)
  const subject = await loadSubject(options, trace.scope)
  subject.end?.()
  checkDeclared(subject, trace.operations)
  const { verdict: told, lines, subjectName } = await accountOf(trace, options)
  const verdict = refinedVerdict(trace, told)
  const [first = '', ...more] = headline(verdict)
  say(styled(verdictStyle(verdict.kind), first), ...more)
  if (trace.note !== undefined) say(trace.note)
  say('', ...lines, '')
  const sides = sideBySide(verdict, subjectName)
  if (sides.length > 0) say(...sides, '')
  say(lookLine(path, options))
  const unexpected = unexpectedText(verdict, trace.expect, 'the sides agree')
  if (unexpected !== null) say(unexpected)
  if (options.json)
    printJson({
      trace: path,
      verdict: verdict.kind,
      scope: trace.scope,
      expected: unexpected === null,
      detail: verdict,
    })
  return exitCodeOf(verdict)
}

/** Runs the trace in a worker, where a subject that hangs or dies takes nothing with it. */
async function accountOf(trace: Trace, options: ReplayOptions): Promise<NamedAccount> {
  const interrupt = listenForInterrupt()
  const workers = startWorkers(1, interrupt.signal)
  try {
    const done = await workers.run('accountTask', { trace, choice: choiceOf(options) }, options.timeout * 1000)
    if (done.kind === 'result') return done.result
    const sentence = done.kind === 'lost' ? done.sentence : 'interrupted'
    return { verdict: { kind: 'unknown', sentence, step: -1 }, lines: [], subjectName: options.subject }
  } finally {
    interrupt.stop()
    await workers.end()
  }
}
