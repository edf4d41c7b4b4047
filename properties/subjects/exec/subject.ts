// A process as a subject: operations go out as lines, outcomes and observations come back as lines (docs/subjects.md). What
// it does not show is filled in from a model of its own, so that whoever compares sees whole observations.
//
// One process serves run after run. When it fails, the run is unknown and the next one gets a new process; after a few
// failures it is given up, so that a campaign against a hanging process ends.

import { subjectProtocolVersion } from '../../../traces/schema/subject.ts'
import type { ObservationOf, OperationOf, OutcomeOf, Scope, SetupOf } from '../../scope.ts'
import { scopes } from '../../scopes.ts'
import { isSubjectGone, subjectDeclined, subjectGone } from '../../subject-gone.ts'
import type { ScopeName, Scopes, Side, Subject } from '../../verdict.ts'
import { type Declared, type Hello, type Read, readAnswer, readApplied, readHello, readStarted } from './answers.ts'
import { LineProcess, quoted } from './process.ts'

/** How long a process may take to answer. */
export type Patience = {
  readonly answerMs: number
  /** For the first answer, in which a runtime may have to start. */
  readonly helloMs: number
}

/** How long is waited for a process whose user says how long an answer may take, 5 s unless given. */
export function patience(answerMs = 5000): Patience {
  return { answerMs, helloMs: Math.max(answerMs, 10_000) }
}

const failuresMost = 5

/** What the subject did not do, since somebody last asked. */
export type DeclinedCounts = {
  /** Operations by kind. */
  readonly operations: ReadonlyMap<string, number>
  /** Set-ups by reason. */
  readonly setups: ReadonlyMap<string, number>
}

/** A command that speaks the protocol. Its process is started when it is first needed, and when the last one failed. */
export class ExecSubject {
  readonly command: string
  readonly #patience: Patience
  #process: LineProcess | null = null
  #hello: Hello | null = null
  #id = 0
  #run = 0
  #failures = 0
  #lastFailure = ''
  #deadline = Number.POSITIVE_INFINITY
  #badEnd: string | null = null
  #isMissing = false
  #operations = new Map<string, number>()
  #setups = new Map<string, number>()

  constructor(command: string, given: Patience = patience()) {
    this.command = command
    this.#patience = given
  }

  /** What it is and does. Throws `SubjectGone`. */
  hello(): Hello {
    this.#running()
    return this.#hello ?? { name: this.command, scopes: {} }
  }

  /** The subject of one scope that it declares. Throws `SubjectGone` when it does not. */
  in<S extends ScopeName>(scope: S): Subject<S> {
    const { name, scopes: declared } = this.hello()
    const here = declared[scope]
    if (here === undefined) throw subjectGone(`${name} does not declare the scope ${scope}`)
    return {
      name,
      operations: here.operations,
      start: setup => this.#start(scope, here, setup),
      end: () => this.end(),
    }
  }

  /** The shell did not find the command, or it is no program. */
  get isMissing(): boolean {
    return this.#isMissing
  }

  /** It failed too often, and is not started again. */
  get isGivenUp(): boolean {
    return this.#failures >= failuresMost
  }

  /** True once an answer was not waited for because of the deadline. */
  get isTimeUp(): boolean {
    return performance.now() >= this.#deadline
  }

  /** Nothing is waited for beyond this point of this thread's `performance.now()`. */
  set deadline(at: number) {
    this.#deadline = at
  }

  /** What it did wrong when it should have ended; null when it ended as it should. */
  get badEnd(): string | null {
    return this.#badEnd
  }

  /** What was declined since this was last called. */
  takeDeclined(): DeclinedCounts {
    const taken = { operations: this.#operations, setups: this.#setups }
    this.#operations = new Map()
    this.#setups = new Map()
    return taken
  }

  /** Ends the process. It is started again when it is needed. */
  end(): void {
    this.#badEnd = this.#process?.end() ?? this.#badEnd
    this.#process = null
  }

  #start<S extends ScopeName>(scope: S, { operations, fields }: Declared, given: Scopes[S]['setup']): Side<S> {
    const process = this.#running()
    const run = ++this.#run
    const whole: Scope<S> = scopes[scope]
    const setup: SetupOf<S> = { ...given, scope }
    const own = whole.startModel(setup)
    const started = this.#ask(process, { kind: 'start', scope, setup }, 'start', readStarted)
    if (started.kind === 'declined') {
      const reason = plainText(started.reason)
      count(this.#setups, reason)
      throw subjectDeclined(reason)
    }
    let shown: Partial<ObservationOf<S>> = {}
    let observation = own.observe()
    let hasDeclined = false
    const apply = (operation: OperationOf<S>): OutcomeOf<S> => {
      const { kind } = operation
      if (!operations.includes(kind)) throw subjectGone(`it does not declare ${kind}`)
      if (this.#process !== process || this.#run !== run) throw subjectGone('its process is over')
      const before = own.observe()
      const expected = own.apply(operation)
      const after = own.observe()
      const answer = this.#ask(process, { kind: 'apply', operation }, `apply (${kind})`, (value, what) =>
        readApplied(value, what, scope, fields),
      )
      hasDeclined = answer.kind === 'declined'
      if (answer.kind === 'declined') {
        const changed = fields.find(field => !areEqual(Reflect.get(before, field), Reflect.get(after, field)))
        if (changed !== undefined) {
          throw this.#failed(
            process.gone(`it declined ${kind}, which changes ${changed}, and it shows ${changed}: it must do it`),
          )
        }
        count(this.#operations, kind)
      } else {
        shown = answer.observation ?? {}
      }
      observation = { ...after, ...shown }
      return answer.kind === 'declined' ? expected : answer.outcome
    }
    return { apply, observe: () => observation, hasDeclined: () => hasDeclined }
  }

  /** The process, greeted. */
  #running(): LineProcess {
    if (this.#process !== null) return this.#process
    if (this.isGivenUp)
      throw subjectGone(`given up after ${failuresMost} failures, of which the last: ${this.#lastFailure}`)
    const process = new LineProcess(this.command)
    this.#process = process
    const hello = this.#ask(process, { kind: 'hello', version: subjectProtocolVersion }, 'hello', readHello)
    const known = this.#hello
    if (known !== null && !areEqual(known, hello)) {
      throw this.#failed(process.gone('it declares something else than when it was started before'))
    }
    this.#hello = hello
    return process
  }

  #ask<T>(
    process: LineProcess,
    request: { readonly kind: string; readonly [field: string]: unknown },
    what: string,
    read: (answer: object, what: string) => Read<T>,
  ): T {
    const id = this.#id++
    const { kind, ...rest } = request
    const { helloMs, answerMs } = this.#patience
    const patienceMs = kind === 'hello' ? helloMs : answerMs
    const waitMs = Math.max(0, Math.min(patienceMs, this.#deadline - performance.now()))
    let line: string
    try {
      line = process.ask(JSON.stringify({ kind, id, ...rest }), waitMs)
    } catch (thrown) {
      this.#isMissing ||= process.isMissing
      throw this.#failed(isSubjectGone(thrown) ? thrown : subjectGone(quoted(String(thrown))))
    }
    const answer = readAnswer(line, id, what)
    const value = 'fault' in answer ? answer : read(answer.value, what)
    if ('fault' in value) throw this.#failed(process.gone(value.fault))
    return value.value
  }

  /** The process is over; what is thrown says why. What the deadline cut short is no failure. */
  #failed(gone: Error): Error {
    this.#process = null
    if (this.isTimeUp) return gone
    this.#failures++
    this.#lastFailure = gone.message
    return gone
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** On one line, and not too long for a report. */
function plainText(text: string): string {
  return JSON.stringify(text.slice(0, 120)).slice(1, -1)
}

function areEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
