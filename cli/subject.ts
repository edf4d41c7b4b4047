// Finds the subject that `--subject` names: the implementation in this process, clean or with a bug planted, an export of a
// file, or a process that speaks the subject protocol.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { scopes } from '../properties/scopes.ts'
import { isSubjectDeclined, isSubjectGone, subjectGone } from '../properties/subject-gone.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'
import { operationKinds } from '../traces/schema/subject.ts'
import { brokerPrefix } from './broker-choice.ts'
import { UsageError } from './exit.ts'
import { meantText } from './nearest.ts'

/** What was asked to run beside the model: `--subject`, and `--wire`. */
export type SubjectChoice = {
  /** `impl`, `zoo:BUG`, `./file.ts#export` or `exec:CMD`. */
  readonly subject: string
  /** Its messages go as bytes. */
  readonly wire: boolean
  /** How long a process may take to answer; as usual when absent. */
  readonly answerMs?: number
}

/** The choice alone, as it crosses to a worker. */
export function choiceOf({ subject, wire, answerMs }: SubjectChoice): SubjectChoice {
  return answerMs === undefined ? { subject, wire } : { subject, wire, answerMs }
}

/** Loads what was asked for. Throws `UsageError` when there is no such subject, or none with messages as bytes. */
export async function loadSubject<S extends ScopeName>(choice: SubjectChoice, scope: S): Promise<Subject<S>> {
  const { subject: spec, wire } = choice
  checkSubjectChoice(choice)
  if (wire) checkWireScope(scope)
  if (spec === 'impl') return (wire ? scopes[scope].wireSubject : null) ?? scopes[scope].subject
  if (spec.startsWith(zooPrefix)) return loadBug(spec.slice(zooPrefix.length), scope, wire)
  if (spec.startsWith(brokerPrefix)) {
    throw new UsageError(
      `--subject ${spec} is for traces of a live broker. To try one, write: validate --broker ${spec.slice(brokerPrefix.length)}.`,
    )
  }
  if (spec.startsWith(execPrefix)) return loadProcess(spec.slice(execPrefix.length), scope, choice.answerMs)
  const [file = '', name = ''] = splitSpec(spec)
  const path = resolve(file)
  if (!existsSync(path)) throw new UsageError(`there is no subject ${spec}: ${file} does not exist. ${advice}`)
  let module: unknown
  try {
    module = await import(pathToFileURL(path).href)
  } catch (error) {
    throw new UsageError(`the subject ${spec} cannot be loaded: ${firstLine(error)}. Correct the file.`)
  }
  const exported: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined
  if (!isSubject<S>(exported)) {
    throw new UsageError(`${file} has no export "${name}" that is a subject ({ name, start }). ${advice}`)
  }
  checkKinds(scope, exported)
  return foreign(exported)
}

/** Subjects of the zoo: the implementation with a bug planted. */
const zooPrefix = 'zoo:'

/** Subjects that are a command whose process speaks the subject protocol (docs/subjects.md). */
export const execPrefix = 'exec:'

/** A process that does not even say hello is a subject that does not start: what it last said is the verdict's sentence. */
async function loadProcess<S extends ScopeName>(
  command: string,
  scope: S,
  answerMs: number | undefined,
): Promise<Subject<S>> {
  const { ExecSubject, patience } = await import('../properties/subjects/exec/subject.ts')
  const subject = new ExecSubject(command, patience(answerMs))
  try {
    const { name, scopes: declared } = subject.hello()
    if (declared[scope] !== undefined) return subject.in(scope)
    subject.end()
    throw new UsageError(
      `${name} does not declare the scope ${scope}. It declares: ${Object.keys(declared).join(', ')}.`,
    )
  } catch (thrown) {
    if (!isSubjectGone(thrown)) throw thrown
    if (subject.isMissing) throw new UsageError(missingCommand(command, thrown.message))
    return {
      name: command,
      start: () => {
        throw thrown
      },
    }
  }
}

/** The complaint about a command that is none. */
export function missingCommand(command: string, sentence: string): string {
  return `${command}: ${sentence}. Give a command that this folder's shell can run.`
}

/** Complains of a trace that has operations which the subject does not do. */
export function checkDeclared<S extends ScopeName>(
  { name, operations: declared }: Subject<S>,
  operations: readonly { readonly kind: string }[],
): void {
  const index = operations.findIndex(({ kind }) => declared?.includes(kind) === false)
  if (index < 0) return
  throw new UsageError(
    `the operation at index ${index} (${operations[index]?.kind}) is none that ${name} declares: ${declared?.join(', ')}. ` +
      'Leave it out of the trace, or let the subject declare it.',
  )
}

/** Complains of a subject that declares operations which its scope does not have. */
export function checkKinds<S extends ScopeName>(scope: S, { name, operations = [] }: Subject<S>): void {
  const kinds = operationKinds(scope)
  const wrong = operations.find(kind => !kinds.includes(kind))
  if (wrong === undefined) return
  const rest = meantText(String(wrong), kinds, 'It has')
  throw new UsageError(`${name} declares the operation ${wrong}, which scope ${scope} does not have. ${rest}`)
}

/** False for a subject that does not do all operations of the scope: a campaign is not asked for every behaviour then. */
export function doesEverything<S extends ScopeName>(scope: S, { operations, declines }: Subject<S>): boolean {
  return declines !== true && operationKinds(scope).every(kind => operations?.includes(kind) !== false)
}

/** A planted bug by its name. Throws `UsageError`. */
export async function bugNamed(name: string): Promise<PlantedBug> {
  const { plantedBugs } = await import('../properties/zoo/bugs.ts')
  const bug = plantedBugs.find(known => known.name === name)
  if (bug !== undefined) return bug
  const names = plantedBugs.map(known => known.name)
  throw new UsageError(`there is no bug ${name}. ${meantText(name, names, 'The bugs are')}`)
}

async function loadBug<S extends ScopeName>(name: string, scope: S, wire: boolean): Promise<Subject<S>> {
  const bug = await bugNamed(name)
  if (bug.scope !== scope) throw new UsageError(`${name} is a bug of scope ${bug.scope}, not ${scope}.`)
  const { loadPatched } = await import('../properties/subjects/patched.ts')
  return loadPatched(bug, scope, wire)
}

/**
 * A subject from outside that throws has not answered, which says nothing about the protocol: it is gone for this run.
 * (Our own implementation throws only when an invariant of its own is broken: that is a finding.)
 */
function foreign<S extends ScopeName>(given: Subject<S>): Subject<S> {
  const asked = <T>(ask: () => T): T => {
    try {
      return ask()
    } catch (thrown) {
      throw isSubjectGone(thrown) || isSubjectDeclined(thrown) ? thrown : subjectGone(firstLine(thrown))
    }
  }
  return {
    ...given,
    start: setup => {
      const side = asked(() => given.start(setup))
      return {
        apply: operation => asked(() => side.apply(operation)),
        observe: () => asked(() => side.observe()),
        hasDeclined: () => asked(() => side.hasDeclined?.() === true),
      }
    },
  }
}

/** Complains of `--wire` where nothing goes over a wire. */
export function checkWireScope(scope: string): void {
  if (scope === wireScope) return
  throw new UsageError(`--wire is for scope ${wireScope}, not ${scope}: nothing else sends messages. Leave --wire out.`)
}

/** The scope in which nodes send each other messages. */
export const wireScope: ScopeName = 'cluster'

/** Complains about what can be known without loading: the shape, and a scope that a file cannot name. */
export function checkSubjectChoice({ subject: spec, wire }: SubjectChoice): void {
  if (spec === 'impl' || spec.startsWith(zooPrefix)) return
  if (wire) throw new UsageError(`--wire turns our own messages into bytes. Leave it out, or --subject ${spec}.`)
  if (spec === execPrefix) throw new UsageError(`--subject exec: names no command. ${advice}`)
  if (spec.startsWith(execPrefix) || spec.startsWith(brokerPrefix)) return
  const [file, name] = splitSpec(spec)
  if (file === undefined || name === undefined || file === '' || name === '') {
    throw new UsageError(`--subject ${spec} is neither "impl" nor a planted bug nor a file with an export. ${advice}`)
  }
}

const advice = 'Write --subject impl, --subject zoo:BUG, --subject ./file.ts#export, or --subject "exec:CMD".'

function splitSpec(spec: string): readonly string[] {
  const cut = spec.lastIndexOf('#')
  return cut < 0 ? [spec] : [spec.slice(0, cut), spec.slice(cut + 1)]
}

/** True for what has the shape of a subject. */
export function isSubject<S extends ScopeName>(value: unknown): value is Subject<S> {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('start' in value)) return false
  const operations = 'operations' in value ? value.operations : undefined
  const isDeclared = operations === undefined || Array.isArray(operations)
  return typeof value.name === 'string' && typeof value.start === 'function' && isDeclared
}

function firstLine(error: unknown): string {
  return String(error).split('\n', 1)[0] ?? ''
}
