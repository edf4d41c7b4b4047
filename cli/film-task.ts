// Makes the picture of whatever can be shown: a trace of any scope, a counter-example, a story. It crosses threads as text.
import type { Run } from '../properties/scope.ts'
import type { LiveResult } from '../properties/validation/run.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import { type AbstractTrace, abstractScope } from '../traces/abstract.ts'
import { abstractFilm } from '../traces/film/abstract.ts'
import { asJson } from '../traces/film/drawn.ts'
import type { Film } from '../traces/film/film.ts'
import { type About, lockstepFilm, modelFilm } from '../traces/film/lockstep.ts'
import { packed } from '../traces/film/packed.ts'
import { serviceFilm } from '../traces/film/service.ts'
import { storyFilm, storyWords } from '../traces/film/story.ts'
import { filmVerdict } from '../traces/film/verdict.ts'
import { type ServiceTrace, serviceScope } from '../traces/service.ts'
import type { Story } from '../traces/stories/parse.ts'
import type { AnyTrace, Trace } from '../traces/trace.ts'
import { bootstrapIn } from './broker-choice.ts'
import { refinedVerdict } from './refined.ts'
import { loadSubject, type SubjectChoice } from './subject.ts'

/** What can be shown. */
export type Showable =
  | { readonly kind: 'trace'; readonly trace: Trace | AnyTrace | AbstractTrace | ServiceTrace }
  | { readonly kind: 'story'; readonly story: Story }

export type FilmTask = {
  readonly showable: Showable
  readonly choice: SubjectChoice
  readonly about: Omit<About, 'note' | 'comments'>
  /** Why the subject is not asked: it hung before. Null asks it. */
  readonly unasked: string | null
  /** What is known already of a run on a live broker, which then is not asked again. */
  readonly seen?: LiveResult
}

/** A film as a page takes it. */
export type Filmed = {
  readonly data: string
  readonly title: string
  readonly verdict: Film['verdict']
  /** Whether the subject was asked, and no verdict came of it. */
  readonly isUnknown: boolean
}

/** Draws; null when an operation of an abstract trace does not apply where it stands. */
export async function filmed(task: FilmTask): Promise<Filmed | null> {
  const film = await filmOf(task)
  return film === null ? null : asFilmed(film)
}

/** Draws a run of a subject that is here already, and that no command line could name. */
export function filmedHere<S extends ScopeName>(
  { setup, operations }: Run<S>,
  subject: Subject<S>,
  about: About,
): Filmed {
  return asFilmed(lockstepFilm(setup, operations, subject, about))
}

function asFilmed(film: Film): Filmed {
  const { name, verdict } = film
  const isAsked = film.subject !== null
  return {
    data: packed(asJson(film)),
    title: `${name}: ${verdict.title}`,
    verdict,
    isUnknown: isAsked && verdict.kind === 'unknown',
  }
}

async function filmOf(task: FilmTask): Promise<Film | null> {
  const { showable, about } = task
  if (showable.kind === 'story') return filmOfStory(showable.story, task)
  const { trace } = showable
  const told = { ...about, note: trace.note ?? null }
  if (trace.scope === abstractScope) return abstractFilm(trace, told)
  if (trace.scope === serviceScope) return filmOfService(trace, told, task)
  return filmOfTrace(trace, told, task)
}

async function filmOfStory(story: Story, { choice, about, unasked }: FilmTask): Promise<Film> {
  const operations = story.blocks.flatMap(block => block.operations)
  if (unasked !== null) {
    return modelFilm(story.setup, operations, choice.subject, unasked, { ...about, ...storyWords(story) })
  }
  const subject = await loadSubject(choice, 'cluster')
  try {
    return storyFilm(story, subject, about)
  } finally {
    subject.end?.()
  }
}

async function filmOfTrace(trace: Trace | AnyTrace, about: About, { choice, unasked }: FilmTask): Promise<Film> {
  const { scope, setup, operations } = trace
  if (unasked !== null) return modelFilm(setup, operations, choice.subject, unasked, about)
  const subject = await loadSubject(choice, scope)
  try {
    const film = lockstepFilm(setup, operations, subject, about)
    if (film.verdict.kind !== 'agree') return film
    return { ...film, verdict: filmVerdict(refinedVerdict(trace, { kind: 'agree', operations: operations.length })) }
  } finally {
    subject.end?.()
  }
}

/** A live broker is asked when the subject names one, which loads the driver only then. */
async function filmOfService(trace: ServiceTrace, about: About, { choice, unasked, seen }: FilmTask): Promise<Film> {
  const bootstrap = bootstrapIn(choice.subject)
  if (bootstrap === null) return serviceFilm(trace, null, about)
  if (seen !== undefined) return serviceFilm(trace, { result: seen, subject: bootstrap }, about)
  const gone = { steps: [], findings: [], gone: { sentence: unasked ?? '', unanswered: null }, leftovers: [] }
  if (unasked !== null) return serviceFilm(trace, { result: gone, subject: bootstrap }, about)
  const { playedLive } = await import('./live-trace.ts')
  return serviceFilm(trace, { result: await playedLive(trace, bootstrap), subject: bootstrap }, about)
}
