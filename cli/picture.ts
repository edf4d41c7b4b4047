// Pictures as files: where one stands, and how a finding gets one. That a picture cannot be made must never hide a finding, so
// whoever reports one is told a line, not an error.
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import type { Run } from '../properties/scope.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import type { About } from '../traces/film/lockstep.ts'
import { serviceScope } from '../traces/service.ts'
import type { Origin } from '../traces/trace.ts'
import { pageWith } from '../traces/viewer/page.ts'
import { writeWhole } from '../traces/write.ts'
import { brokerPrefix } from './broker-choice.ts'
import { reasonOf } from './exit.ts'
import { replayCommand, showCommand } from './failure.ts'
import type { Filmed, FilmTask, Showable } from './film-task.ts'
import type { SubjectChoice } from './subject.ts'
import type { Workers } from './workers.ts'

/** How long the picture of a finding may take: what was found was run to its end several times already. */
const pictureTimeoutMs = 60_000

/** `traces/found/L1-2-13.html` beside `traces/found/L1-2-13.json`. */
export function picturePath(path: string): string {
  return `${path.replace(/\.(json|txt)$/, '')}.html`
}

/** Writes the page. Throws `PageError` when the pages were not built, and what the file system throws. */
export function writePicture(path: string, { data, title }: Filmed): void {
  writeWhole(path, pageWith('film', data, title))
}

/** What a picture says of the file that it is of. */
export function pictured(path: string, showable: Showable, choice: SubjectChoice, origin: string | null): FilmTask {
  return {
    showable,
    choice,
    about: { name: basename(path), origin, replay: replayOf(path, showable, choice) },
    unasked: null,
  }
}

/** A story runs again when it is drawn again. A live broker's trace that was drawn without one is, on a broker that the reader must name. */
function replayOf(path: string, showable: Showable, choice: SubjectChoice): string {
  if (showable.kind === 'story') return showCommand(path, choice)
  const lacksBroker = showable.trace.scope === serviceScope && choice.subject === 'impl'
  return replayCommand(path, lacksBroker ? { ...choice, subject: `${brokerPrefix}HOST:PORT` } : choice)
}

/** Draws what was written to `path`, beside it, in a worker. The line says where the picture is, or why there is none. */
export async function pictureBeside(path: string, task: FilmTask, workers: Workers): Promise<string> {
  return attempted(path, async () => {
    const done = await workers.run('filmTask', task, pictureTimeoutMs)
    if (done.kind === 'result') return done.result
    throw new Error(done.kind === 'lost' ? done.sentence : 'interrupted')
  })
}

/** The same in this thread, for what runs none of somebody else's code. */
export async function pictureHere(path: string, task: FilmTask): Promise<string> {
  return attempted(path, async () => {
    // Everything that can be drawn: a second of loading that who finds nothing can do without.
    const { filmed } = await import('./film-task.ts')
    return filmed(task)
  })
}

/** The same of a subject that is here already. */
export async function pictureOfRun<S extends ScopeName>(
  path: string,
  run: Run<S>,
  subject: Subject<S>,
  { origin, replay }: Pick<About, 'origin' | 'replay'>,
): Promise<string> {
  return attempted(path, async () => {
    const { filmedHere } = await import('./film-task.ts')
    return filmedHere(run, subject, { name: basename(path), note: null, origin, replay })
  })
}

async function attempted(path: string, draw: () => Promise<Filmed | null>): Promise<string> {
  const file = picturePath(path)
  try {
    const film = await draw()
    if (film === null) throw new Error('an operation does not apply where it stands')
    writePicture(file, film)
    return `picture  ${file}`
  } catch (error) {
    // One that was left by another campaign would be of something else.
    rmSync(file, { force: true })
    return `picture  not written: ${reasonOf(error)}`
  }
}

/** `seed 2, run 13`, as far as a trace says it. */
export function originText(origin: Origin | undefined): string | null {
  if (origin === undefined) return null
  const { seed, run, subject } = origin
  const parts = [
    seed === undefined ? '' : `seed ${seed}`,
    run === undefined ? '' : `run ${run}`,
    subject === undefined || subject === 'impl' ? '' : `found on ${subject}`,
  ].filter(part => part !== '')
  return parts.length === 0 ? null : parts.join(', ')
}
