// Small things that every operation's answer goes through.
import { errorName } from '../../../impl/wire/errors.ts'
import type { ServiceOperation, ServiceOutcome } from '../../../model/vocabulary/service.ts'

/** The operations of one kind. */
export type OperationOf<Kind extends ServiceOperation['kind']> = Extract<ServiceOperation, { readonly kind: Kind }>

/** Kafka's name of an error, or its number where it has none. */
export function nameOf(code: number): string {
  return errorName(code) ?? `error ${code}`
}

/** The outcome that an error is. */
export function failed(error: string | number): ServiceOutcome {
  return { kind: 'error', error: typeof error === 'number' ? nameOf(error) : error }
}

export const done: ServiceOutcome = { kind: 'done' }
export const nothing: ServiceOutcome = { kind: 'nothing' }

/** The answer is well-formed, and does not speak of what was asked. */
export const besideThePoint: ServiceOutcome = { kind: 'error', error: 'an answer to something else than was asked' }

/** Ascending by the texts that `of` gives. */
export function ascending<T>(items: readonly T[], of: (item: T) => string): readonly T[] {
  return [...items].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0))
}
