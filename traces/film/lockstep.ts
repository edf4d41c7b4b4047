// A run of two sides as a film: the steps that every scope has (operation, what it did, answers, differences), around what the
// scope itself draws.
import { differences, shownPath } from '../../properties/compare.ts'
import type { OperationOf, SetupOf } from '../../properties/scope.ts'
import type { Difference, ScopeName, Subject, Verdict } from '../../properties/verdict.ts'
import { did } from '../render/did.ts'
import { operationLine } from '../render/operation.ts'
import { drawAssignor, drawPartitioner } from './choosing.ts'
import { drawCluster } from './cluster.ts'
import { asJson, type Drawn, type DrawnStep } from './drawn.ts'
import type { Film, FilmDifference, Step } from './film.ts'
import { drawGroup } from './group.ts'
import { drawLog } from './log.ts'
import { drawProducer } from './producer.ts'
import { modelAlone, type Recorded, type RecordedStep, recorded } from './recorded.ts'
import { setupFacts } from './setup-facts.ts'
import { filmVerdict } from './verdict.ts'

/** What a film says of where it comes from. */
export type About = Pick<Film, 'name' | 'note' | 'origin' | 'replay'> & {
  /** What is told before each operation, by its index; nothing when absent. */
  readonly comments?: readonly (string | null)[]
}

const differencesMost = 200

const drawing: { readonly [S in ScopeName]: (run: Recorded<S>) => Drawn } = {
  log: drawLog,
  partitioner: drawPartitioner,
  assignor: drawAssignor,
  producer: drawProducer,
  group: drawGroup,
  cluster: drawCluster,
}

/** Runs the operations on both sides and draws them, up to where the verdict ends. */
export function lockstepFilm<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly OperationOf<S>[],
  subject: Subject<S>,
  about: About,
): Film {
  return filmOf(recorded(setup, operations, subject), subject.name, about)
}

/** Draws the model alone, when nobody knows what the subject would do; `sentence` says why. */
export function modelFilm<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly OperationOf<S>[],
  subjectName: string,
  sentence: string,
  about: About,
): Film {
  return filmOf(modelAlone(setup, operations, { kind: 'unknown', sentence, step: -1 }), subjectName, about)
}

function filmOf<S extends ScopeName>(run: Recorded<S>, subject: string, { comments = [], ...about }: About): Film {
  const { setup, start, steps, verdict } = run
  const scope: S = setup.scope
  const drawn = drawing[scope](run)
  const texts = steps.map(({ operation, model }, index) => ({
    operation: operationLine(scope, operation),
    did: did(scope, steps[index - 1]?.model.observation ?? start, model.observation, model.outcome),
  }))
  const isStarted = !(verdict.kind === 'unknown' && verdict.step < 0)
  return {
    format: 'kafka-lockstep-film',
    version: 1,
    scope,
    ...about,
    subject,
    setup: setupFacts(setup),
    verdict: filmVerdict(verdict),
    lanes: drawn.lanes,
    steps: [
      startStep(isStarted ? drawn.start : { ...drawn.start, subject: null }),
      ...steps.map((step, index): Step => {
        const { moments, marks, model, subject: subjectScene, remark } = drawn.steps[index] ?? drawn.start
        const { operation = '', did: what = [] } = texts[index] ?? {}
        return {
          operation,
          did: remark === null ? what : [...what, remark],
          comment: comments[index] ?? null,
          moments,
          marks,
          model,
          subject: subjectScene,
          outcome: { model: asJson(step.model.outcome), subject: asJson(step.subject?.outcome ?? null) },
          differences: differencesOf(step, verdict, index),
        }
      }),
    ],
    messages: drawn.messages,
  }
}

function startStep({ moments, marks, model, subject }: DrawnStep): Step {
  const outcome = { model: null, subject: null }
  return { operation: 'start', did: [], comment: null, moments, marks, model, subject, outcome, differences: [] }
}

/** Where the sides part. What a subject shows differently only when it is asked again stands in the verdict alone. */
function differencesOf<S extends ScopeName>(
  { model, subject, isSame }: RecordedStep<S>,
  verdict: Verdict,
  index: number,
): readonly FilmDifference[] {
  if (subject === null) return []
  const isPartingStep = verdict.kind === 'violation' && verdict.step === index
  if (!isPartingStep) return []
  const found = [
    ...differences(model.outcome, subject.outcome, 'outcome', differencesMost),
    ...(isSame ? [] : differences(model.observation, subject.observation, '', differencesMost)),
  ]
  return (found.length > 0 ? found : verdict.differences).slice(0, differencesMost).map(filmDifference)
}

/** A difference as data: a missing side is absent. */
export function filmDifference({ path, model, subject }: Difference): FilmDifference {
  return {
    path: shownPath({ path }),
    ...(model === undefined ? {} : { model: asJson(model) }),
    ...(subject === undefined ? {} : { subject: asJson(subject) }),
  }
}
