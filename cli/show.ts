// `lockstep show TRACE`: writes the picture of a trace or a story as one HTML file. A recorded history: show-history.ts.
import { abstractScope } from '../traces/abstract.ts'
import { readAnyTrace, readText } from '../traces/read.ts'
import { serviceScope } from '../traces/service.ts'
import { StoryError } from '../traces/stories/command.ts'
import { parseStory, type Story } from '../traces/stories/parse.ts'
import { bootstrapIn, brokerPrefix, checkAddresses } from './broker-choice.ts'
import { exitCodes, UsageError } from './exit.ts'
import type { Filmed, FilmTask, Showable } from './film-task.ts'
import { isHistoryFile } from './history-picture.ts'
import { listenForInterrupt } from './interrupt.ts'
import { checkOutput, writeOrComplain } from './output.ts'
import { originText, pictured, picturePath, writePicture } from './picture.ts'
import { impossibleTrace } from './replay-abstract.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'
import {
  checkDeclared,
  checkSubjectChoice,
  checkWireScope,
  choiceOf,
  loadSubject,
  type SubjectChoice,
} from './subject.ts'
import { startWorkers } from './workers.ts'

export type ShowOptions = SubjectChoice & {
  readonly output?: string
  /** Seconds. */
  readonly timeout: number
  readonly json: boolean
}

/** Draws a file; 0 when the picture was written, whatever it shows, and 3 when the subject did not answer. */
export async function show(path: string, options: ShowOptions): Promise<number> {
  if (isHistoryFile(path)) {
    const { showHistory } = await import('./show-history.ts')
    return showHistory(path, options)
  }
  const output = options.output ?? picturePath(path)
  checkOutput(path, output)
  checkSubjectChoice(options)
  const showable = read(path)
  await checkSubject(path, showable, options)
  const origin = showable.kind === 'trace' && 'origin' in showable.trace ? originText(showable.trace.origin) : null
  const film = await drawn(pictured(path, showable, choiceOf(options), origin), options.timeout * 1000)
  if (film === null) throw undrawable(path, showable)
  writeOrComplain(output, () => writePicture(output, film))
  const { verdict, isUnknown } = film
  const sentence = verdict.sentence === '' ? [] : [`           ${verdict.sentence}`]
  say(
    styled(verdictStyle(verdict.kind), `${verdict.kind.padEnd(9)}  ${verdict.title}`),
    ...sentence,
    `picture  ${output}`,
  )
  if (options.json) printJson({ trace: path, picture: output, verdict: verdict.kind, step: verdict.step })
  return isUnknown ? exitCodes.unknown : exitCodes.agree
}

/** Only an operation of an abstract trace can be impossible where it stands; every other one is total. */
function undrawable(path: string, showable: Showable): Error {
  const isAbstract = showable.kind === 'trace' && showable.trace.scope === abstractScope
  return isAbstract ? impossibleTrace(path, showable.trace) : new Error(`${path} gave no film`)
}

function read(path: string): Showable {
  return path.endsWith('.txt')
    ? { kind: 'story', story: readStory(path) }
    : { kind: 'trace', trace: readAnyTrace(path) }
}

function readStory(path: string): Story {
  const text = readText(path)
  try {
    return parseStory(text)
  } catch (error) {
    if (error instanceof StoryError) throw new UsageError(`${path} is no story: ${error.message}. Correct it.`)
    throw error
  }
}

/** Complains of a subject that this cannot be shown with. */
async function checkSubject(path: string, showable: Showable, options: ShowOptions): Promise<void> {
  const { subject: spec, wire } = options
  const scope = showable.kind === 'story' ? 'cluster' : showable.trace.scope
  if (wire) checkWireScope(scope)
  if (scope === abstractScope) {
    if (spec === 'impl') return
    throw new UsageError(`${path} is a trace of an abstract specification, which has no subject. Leave --subject out.`)
  }
  if (scope === serviceScope) {
    const bootstrap = bootstrapIn(spec)
    if (bootstrap !== null) checkAddresses(bootstrap)
    if (spec === 'impl' || bootstrap !== null) return
    throw new UsageError(`${path} is a trace of a live broker. Say which: --subject ${brokerPrefix}HOST:PORT, or none.`)
  }
  const subject = await loadSubject(options, scope)
  subject.end?.()
  checkDeclared(subject, operationsOf(showable))
}

function operationsOf(showable: Showable): readonly { readonly kind: string }[] {
  return showable.kind === 'story'
    ? showable.story.blocks.flatMap(block => block.operations)
    : showable.trace.operations
}

/** Draws in a worker, where a subject that hangs takes nothing with it: then the model is drawn alone. */
async function drawn(task: FilmTask, timeoutMs: number): Promise<Filmed | null> {
  const interrupt = listenForInterrupt()
  const workers = startWorkers(1, interrupt.signal)
  try {
    const done = await workers.run('filmTask', task, timeoutMs)
    if (done.kind === 'result') return done.result
    if (done.kind === 'interrupted') throw new UsageError('interrupted before anything was written.')
    const alone = await workers.run('filmTask', { ...task, unasked: done.sentence }, timeoutMs)
    if (alone.kind === 'result') return alone.result
    throw new UsageError(
      alone.kind === 'lost'
        ? `nothing can be drawn within that time: ${alone.sentence}. Raise --timeout.`
        : 'interrupted before anything was written.',
    )
  } finally {
    interrupt.stop()
    await workers.end()
  }
}
