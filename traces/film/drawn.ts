// What the scopes add to a film, each in its own file: who acts, what is seen after every operation, and what is sent.
import type { ObservationOf } from '../../properties/scope.ts'
import type { ScopeName } from '../../properties/verdict.ts'
import type { Json, Lane, Mark, Message, Scene } from './film.ts'
import type { RecordedStep } from './recorded.ts'

export type Drawn = {
  readonly lanes: readonly Lane[]
  /** What there is before the first operation. */
  readonly start: DrawnStep
  /** One for each operation, in order. */
  readonly steps: readonly DrawnStep[]
  readonly messages: readonly Message[]
}

export type DrawnStep = {
  readonly moments: number
  readonly marks: readonly Mark[]
  readonly model: Scene
  readonly subject: Scene | 'same' | null
  /** What is to be said about how it is drawn; null when all is. */
  readonly remark: string | null
}

/** What there is before anything is done: one moment, at which both sides show the same. */
export function startOf(model: Scene): DrawnStep {
  return { moments: 1, marks: [], model, subject: 'same', remark: null }
}

/** What both sides show after a step. */
export function sidesOf<S extends ScopeName>(
  { model, subject, isSame }: RecordedStep<S>,
  sceneOf: (observation: ObservationOf<S>) => Scene,
): Pick<DrawnStep, 'model' | 'subject'> {
  const shown = subject === null ? null : isSame ? 'same' : sceneOf(subject.observation)
  return { model: sceneOf(model.observation), subject: shown }
}

/** A scene with nothing but the whole observation. */
export function bareScene(raw: Json): Scene {
  return { nodes: {}, partitions: [], groups: [], cuts: [], raw }
}

/** Observations, operations and outcomes are JSON by construction: traces are written in them. */
export function asJson(value: unknown): Json {
  return value === undefined ? null : (value as Json)
}
