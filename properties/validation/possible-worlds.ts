// The worlds that may be, given all answers so far. An answer that no world allows is a finding. When the worlds that are
// left are many, it is because the protocol leaves much open, and not because the check looks away.
import { allowed, passing } from '../../model/service/allowed.ts'
import { type Alternative, initialWorld, type World } from '../../model/service/world.ts'
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../model/vocabulary/service.ts'
import { areEqual } from '../compare.ts'
import { subjectGone } from '../subject-gone.ts'

/** What an answer tells. */
export type Judgement =
  | { readonly kind: 'allowed' }
  /** `expected` is never empty; `goesOn` when neither what was allowed nor what came has changed anything. */
  | { readonly kind: 'wrong'; readonly expected: readonly ServiceOutcome[]; readonly goesOn: boolean }

/** With more than this open, what may be grows beyond all bounds; the walk keeps below, a broker that times out may not. */
const straysMost = 4
const worldsMost = 3000

/** All worlds that agree with what was answered. */
export class PossibleWorlds {
  #worlds: readonly World[]
  #asked: { readonly operation: ServiceOperation; readonly alternatives: readonly Alternative[] } | null = null

  constructor(setup: ServiceSetup) {
    this.#worlds = [initialWorld(setup)]
  }

  get worlds(): readonly World[] {
    return this.#worlds
  }

  /** Every answer that some world allows. */
  answers(operation: ServiceOperation): readonly ServiceOutcome[] {
    return distinct(this.#allowed(operation).map(({ outcome }) => outcome))
  }

  /** The clients that are answered in every world, as often: nobody has to be waited for who may still have to wait. */
  awaits(operation: ServiceOperation): readonly string[] {
    const [first = [], ...others] = this.#answered(operation)
    return first.filter((client, index) => {
      const nth = first.slice(0, index + 1).filter(one => one === client).length
      return others.every(clients => clients.filter(one => one === client).length >= nth)
    })
  }

  /** The clients that are answered in some world, as often as in that which has the most for them. */
  mays(operation: ServiceOperation): readonly string[] {
    const answered = this.#answered(operation)
    return [...new Set(answered.flat())].flatMap(client => {
      const most = Math.max(...answered.map(clients => clients.filter(one => one === client).length))
      return Array.from({ length: most }, () => client)
    })
  }

  #answered(operation: ServiceOperation): readonly (readonly string[])[] {
    return this.#allowed(operation).map(({ outcome }) =>
      outcome.kind === 'answers' ? outcome.answers.map(({ client }) => client) : [],
    )
  }

  /** Whether a client that is answered so asks again: it says nothing, and it must not be said for ever. */
  isPassing(operation: ServiceOperation, outcome: ServiceOutcome): boolean {
    if (this.#allowed(operation).some(alternative => isSame(alternative.outcome, outcome))) return false
    const error = errorOf(operation, outcome)
    return this.#worlds.some(world => {
      const { errors, outcomes } = passing(world, operation)
      return (error !== null && errors.includes(error)) || outcomes.some(early => isSame(early.outcome, outcome))
    })
  }

  /** Takes an answer in: only worlds remain in which it could be given. Throws `subjectGone` when they are too many. */
  judge(operation: ServiceOperation, outcome: ServiceOutcome): Judgement {
    const alternatives = this.#allowed(operation)
    const agreeing = alternatives.filter(alternative => isSame(alternative.outcome, outcome))
    if (agreeing.length > 0) {
      this.#worlds = distinct(agreeing.map(({ world }) => world))
      this.#asked = null
      const isTooMuch =
        this.#worlds.length > worldsMost || this.#worlds.some(({ strays }) => strays.length > straysMost)
      if (isTooMuch) throw subjectGone('too much is open to go on: too many batches were not answered')
      return { kind: 'allowed' }
    }
    const isUnchanged = alternatives.every(({ world }) => this.#worlds.includes(world))
    const goesOn = isUnchanged && (isQuestion(operation) || isRefusal(operation, outcome))
    return { kind: 'wrong', expected: this.answers(operation), goesOn }
  }

  #allowed(operation: ServiceOperation): readonly Alternative[] {
    if (this.#asked?.operation !== operation) {
      this.#asked = { operation, alternatives: this.#worlds.flatMap(world => allowed(world, operation)) }
    }
    return this.#asked.alternatives
  }
}

/** Asks, and changes nothing, whatever is answered. */
function isQuestion({ kind }: ServiceOperation): boolean {
  return questions.has(kind)
}

const questions: ReadonlySet<ServiceOperation['kind']> = new Set([
  'describeTopic',
  'describeConfig',
  'fetch',
  'readAll',
  'listOffsets',
  'endOffsetForEpoch',
  'heartbeat',
  'committed',
  'describeGroup',
  'listGroups',
])

/** Whoever asked was refused, and nobody else was told anything. */
function isRefusal(operation: ServiceOperation, outcome: ServiceOutcome): boolean {
  const error = errorOf(operation, outcome)
  return error !== null && error !== 'NONE' && (outcome.kind !== 'answers' || outcome.answers.length === 1)
}

/** The error that whoever asked was answered, if it was one. */
function errorOf(operation: ServiceOperation, outcome: ServiceOutcome): string | null {
  if (outcome.kind === 'error') return outcome.error
  if (outcome.kind !== 'answers' || !('client' in operation)) return null
  return outcome.answers.find(({ client }) => client === operation.client)?.error ?? null
}

function isSame(one: ServiceOutcome, other: ServiceOutcome): boolean {
  return one.kind === other.kind && areEqual(one, other)
}

function distinct<T extends object>(values: readonly T[]): readonly T[] {
  if (values.length < 2) return values
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
}
