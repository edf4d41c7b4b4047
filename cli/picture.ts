// Pictures as files: where one stands, and how a finding gets one. That a picture cannot be made must never hide a finding, so
// whoever reports one is told a line, not an error.
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import type { Origin } from '../traces/trace.ts'
import { pageWith } from '../traces/viewer/page.ts'
import { writeWhole } from '../traces/write.ts'
import { replayCommand } from './failure.ts'
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
  const replay = showable.kind === 'story' ? null : replayCommand(path, choice)
  return { showable, choice, about: { name: basename(path), origin, replay }, unasked: null }
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
    return `picture  not written: ${error instanceof Error ? error.message : String(error)}`
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
