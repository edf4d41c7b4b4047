// What a validation has tried, counted: operations, APIs in their versions, claims, and what was said by a broker that was
// gone.
import type { ServiceOperation } from '../../model/vocabulary/service.ts'
import { claimsTried } from './claims.ts'
import type { LiveRun } from './live.ts'
import type { Gone, LiveResult } from './run.ts'

/** How many operations used an API, in which of its versions. */
export type ApiCount = { tried: number; readonly versions: Set<number> }

/** Of how many that were tried so many were answered wrongly. */
export type Count = { tried: number; diverged: number }

/** The APIs that operations of a kind ask for. */
export type ApisOf = (kind: ServiceOperation['kind']) => readonly string[]

/** Grows with each run. */
export class LiveTally {
  readonly #apisOf: ApisOf
  runs = 0
  operations = 0
  /** Requests that were asked again because the answer said so. */
  askedAgain = 0
  readonly kinds = new Map<ServiceOperation['kind'], Count>()
  readonly claims = new Map<string, Count>()
  readonly apis = new Map<string, ApiCount>()
  /** Of all findings. */
  readonly signatures = new Set<string>()
  /** Why runs ended early, by what was not answered: a sentence, and the number of runs. */
  readonly gone = new Map<string, { readonly sentence: string; runs: number }>()
  readonly leftovers: string[] = []

  constructor(apisOf: ApisOf) {
    this.#apisOf = apisOf
  }

  add(run: LiveRun, { steps, findings, gone, leftovers }: LiveResult): void {
    this.runs++
    this.operations += steps.length
    for (const { operation, outcome, asked, before } of steps) {
      this.askedAgain += asked - 1
      counted(this.kinds, operation.kind).tried++
      for (const claim of new Set(claimsTried(before, operation, outcome, asked))) counted(this.claims, claim).tried++
    }
    for (const { verdict, signature } of findings) {
      this.signatures.add(signature)
      const kind = run.operations[verdict.step]?.kind
      if (kind !== undefined) counted(this.kinds, kind).diverged++
      const claim = counted(this.claims, verdict.claim)
      claim.diverged++
      claim.tried = Math.max(claim.tried, claim.diverged)
    }
    for (const { operation } of steps) this.#countApis(run, operation.kind)
    if (gone !== null) this.#addGone(gone)
    this.leftovers.push(...leftovers)
  }

  #addGone({ sentence, unanswered }: Gone): void {
    const key = unanswered === null ? sentence : `${unanswered.api} ${unanswered.version}`
    const known = this.gone.get(key)
    if (known === undefined) this.gone.set(key, { sentence, runs: 1 })
    else known.runs++
  }

  #countApis({ setup }: LiveRun, kind: ServiceOperation['kind']): void {
    for (const api of this.#apisOf(kind)) {
      const count = this.apis.get(api) ?? { tried: 0, versions: new Set() }
      count.tried++
      const version = setup.versions[api]
      if (version !== undefined) count.versions.add(version)
      this.apis.set(api, count)
    }
  }
}

function counted<Key>(counts: Map<Key, Count>, key: Key): Count {
  const known = counts.get(key)
  if (known !== undefined) return known
  const count = { tried: 0, diverged: 0 }
  counts.set(key, count)
  return count
}
