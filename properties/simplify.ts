// Simpler versions of plain values, simplest first. It knows nothing of the protocol but a few field names: `step` is
// total, so any value of the right type makes a valid operation.
import { defaultTopicConfig } from './topic-defaults.ts'

/** Versions of a value that are one step simpler, at most a few dozen. The value itself is not among them. */
export function* simplerValues(value: unknown, field: string): Iterable<unknown> {
  if (fixedFields.has(field)) return
  if (typeof value === 'number') yield* simplerNumbers(value)
  else if (typeof value === 'boolean') yield* value ? [false] : []
  else if (typeof value === 'string') yield* simplerTexts(value, field)
  else if (Array.isArray(value)) yield* simplerLists(value, field)
  else if (isPlain(value)) yield* simplerObjects(value, field)
}

/** Fields whose values name or choose something: another value is different, not simpler. */
const fixedFields: ReadonlySet<string> = new Set([
  'kind',
  'scope',
  'broker',
  'acks',
  'correlationId',
  'replicas',
  'assignment',
  'assignors',
])

/** -1 stands for *none* in many fields, so it is as simple as 0. */
function* simplerNumbers(value: number): Iterable<number> {
  if (value === 0 || value === -1) return
  yield 0
  const half = Math.trunc(value / 2)
  if (half !== 0) yield half
  const next = value - Math.sign(value)
  if (next !== 0 && next !== half) yield next
}

function* simplerTexts(value: string, field: string): Iterable<string | null> {
  const ranks = rankedTexts[field]
  if (ranks !== undefined) {
    yield* ranks.slice(0, Math.max(0, ranks.indexOf(value)))
    return
  }
  if (field === 'value' || field === 'metadata') {
    if (value !== 'a' && value !== '') yield 'a'
  } else if (field === 'key') {
    yield null
    if (value !== 'a') yield 'a'
  }
}

const rankedTexts: Readonly<Record<string, readonly string[]>> = { indexes: ['kept', 'lost', 'torn'] }

function* simplerLists(values: readonly unknown[], field: string): Iterable<readonly unknown[]> {
  if (values.length > 3) yield values.slice(0, Math.ceil(values.length / 2))
  for (let i = values.length - 1; i >= 0; i--) yield values.toSpliced(i, 1)
  for (const [i, element] of values.entries()) {
    for (const simpler of simplerValues(element, field)) yield values.with(i, simpler)
  }
}

function* simplerObjects(value: Readonly<Record<string, unknown>>, field: string): Iterable<unknown> {
  if (field === 'damage') {
    if (value.kind === 'torn') yield { kind: 'lost' }
    if (value.kind !== 'kept') yield { kind: 'kept' }
  }
  if (typeof value.producerId === 'number' && value.producerId >= 0 && 'baseSequence' in value) {
    yield { ...value, producerId: -1, producerEpoch: -1, baseSequence: -1 }
  }
  if (field === 'config' && 'uncleanLeaderElection' in value) {
    // A topic is simplest as Kafka makes it, not with limits of zero.
    const { minInSyncReplicas, uncleanLeaderElection, cleanupPolicy } = value
    const usual = { ...defaultTopicConfig, minInSyncReplicas, uncleanLeaderElection, cleanupPolicy }
    if (JSON.stringify(usual) !== JSON.stringify(value)) yield usual
    yield* towards(value, defaultTopicConfig)
    return
  }
  for (const [name, part] of Object.entries(value)) {
    for (const simpler of simplerValues(part, name)) yield { ...value, [name]: simpler }
  }
}

/** The value with one of its leaves as in `plain`: for set-ups, which have a dull version to move to. */
export function* towards(value: unknown, plain: unknown): Iterable<unknown> {
  if (isPlain(value) && isPlain(plain)) {
    for (const [name, part] of Object.entries(value)) {
      for (const changed of towards(part, plain[name])) yield { ...value, [name]: changed }
    }
  } else if (plain !== undefined && JSON.stringify(value) !== JSON.stringify(plain)) {
    yield plain
  }
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
