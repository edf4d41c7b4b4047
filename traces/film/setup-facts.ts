// A set-up as names and values for people: `broker.heartbeatIntervalMs 500`.
import { asJson } from './drawn.ts'
import type { Fact, Json } from './film.ts'

/** Every setting but the scope, nested ones by their path. */
export function setupFacts(setup: { readonly scope: string }): readonly Fact[] {
  const { scope: _, ...settings } = setup
  return factsAt(asJson(settings), '')
}

function factsAt(value: Json, name: string): readonly Fact[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }]
  }
  return Object.entries(value).flatMap(([field, part]) => factsAt(part, name === '' ? field : `${name}.${field}`))
}
