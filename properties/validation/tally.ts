// What a validation has tried, counted: operations, APIs in their versions, claims, and what was said by a broker that was
// gone.
import type { ServiceOperation } from '../../model/vocabulary/service.ts'
import { claimsTried } from './claims.ts'
import type { LiveRun } from './live.ts'
import type { LiveResult } from './run.ts'

/** Of how many that were tried so many were answered wrongly. */
export type Count = { tried: number; diverged: number }

/** Grows with each run. */
export class LiveTally {
  runs = 0
  operations = 0
  /** Requests that were asked again because the answer said so. */
  askedAgain = 0
  readonly kinds = new Map<ServiceOperation['kind'], Count>()
  readonly claims = new Map<string, Count>()
  /** Operations by kind and versions of APIs, as `Produce 9`. */
  readonly versions = new Map<string, number>()
  /** Sentences of a broker that was gone, with the number of runs. */
  readonly gone = new Map<string, number>()
  readonly leftovers: string[] = []

  add(run: LiveRun, { steps, findings, gone, leftovers }: LiveResult): void {
    this.runs++
    this.operations += steps.length
    for (const { operation, outcome, asked, before } of steps) {
      this.askedAgain += asked - 1
      counted(this.kinds, operation.kind).tried++
      for (const claim of new Set(claimsTried(before, operation, outcome, asked))) counted(this.claims, claim).tried++
    }
    for (const { verdict } of findings) {
      const kind = run.operations[verdict.step]?.kind
      if (kind !== undefined) counted(this.kinds, kind).diverged++
      const claim = counted(this.claims, verdict.claim)
      claim.diverged++
      claim.tried = Math.max(claim.tried, claim.diverged)
    }
    for (const kind of new Set(steps.map(({ operation }) => operation.kind))) this.#countVersions(run, kind)
    if (gone !== null) this.gone.set(gone, (this.gone.get(gone) ?? 0) + 1)
    this.leftovers.push(...leftovers)
  }

  #countVersions({ setup }: LiveRun, kind: ServiceOperation['kind']): void {
    const key = `${kind} ${JSON.stringify(setup.versions)}`
    this.versions.set(key, (this.versions.get(key) ?? 0) + 1)
  }
}

function counted<Key>(counts: Map<Key, Count>, key: Key): Count {
  const known = counts.get(key)
  if (known !== undefined) return known
  const count = { tried: 0, diverged: 0 }
  counts.set(key, count)
  return count
}
