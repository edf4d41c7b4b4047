// States and steps of an abstract specification as people and trace files have them: members by name, numbers by path.
import type { Spec } from '../../model/abstract/spec.ts'
import type { Machine } from './packed/machine.ts'
import type { Step } from './path.ts'

/** A step as an operation of a trace: the action as `kind`, and its parameters. */
export type AbstractOperation = { readonly kind: string; readonly [parameter: string]: string | number }

/** Member 0 is `b1`, as brokers are called everywhere. */
export function memberName(member: number): string {
  return member < 0 ? 'none' : `b${member + 1}`
}

/** A step as an operation. */
export function operationOf(spec: Spec, { action, parameters }: Omit<Step, 'state'>): AbstractOperation {
  const known = spec.actions.find(({ name }) => name === action)?.parameters ?? []
  const told = known.map(({ name, member }) => [
    name,
    member ? memberName(parameters[name] ?? -1) : (parameters[name] ?? -1),
  ])
  return { kind: action, ...Object.fromEntries(told) }
}

/** An operation on one line: `BecomeLeader replica=b1 leaderEpoch=0`. */
export function operationLine({ kind, ...parameters }: AbstractOperation): string {
  return [kind, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(' ')
}

/** What a step changed: `replicas[b1].highWatermark 0 → 1`. */
export function changesBetween(machine: Machine, before: Int32Array, after: Int32Array): readonly string[] {
  const now = machine.values(before)
  const next = machine.values(after)
  return machine.layout.fields.flatMap(({ path, kind }, slot) => {
    const [was, is] = [now[slot] ?? 0, next[slot] ?? 0]
    return was === is ? [] : [`${toldPath(path)} ${toldValue(kind, was)} → ${toldValue(kind, is)}`]
  })
}

function toldPath(path: string): string {
  return path.replace(/^replicas\[(\d+)\]\.?/, (_, member: string) => `${memberName(Number(member))} `)
}

function toldValue(kind: 'integer' | 'member' | 'subset', value: number): string {
  if (kind === 'integer') return value === -1 ? 'none' : String(value)
  if (kind === 'member') return memberName(value)
  return `{${membersOf(value).map(memberName).join(' ')}}`
}

/** A value as people have it: a member by its name (null for none), a set as names, a number as it is. */
export type AbstractValue = number | string | null | readonly string[]

/** A state by the paths of its variables: `replicas[0].log[1].id`. */
export type AbstractState = ReadonlyMap<string, AbstractValue>

/** A packed state with every variable by its path. */
export function stateOf(machine: Machine, state: Int32Array): AbstractState {
  const values = machine.values(state)
  return new Map(machine.layout.fields.map(({ path, kind }, slot) => [path, readable(kind, values[slot] ?? 0)]))
}

function readable(kind: 'integer' | 'member' | 'subset', value: number): AbstractValue {
  if (kind === 'integer') return value
  if (kind === 'member') return value < 0 ? null : memberName(value)
  return membersOf(value).map(memberName)
}

function membersOf(subset: number): readonly number[] {
  return Array.from({ length: 32 - Math.clz32(subset) }, (_, member) => member).filter(
    member => ((subset >> member) & 1) === 1,
  )
}
