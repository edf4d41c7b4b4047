// What can be wrong with a history, and where it is collected. Everything is counted; of each kind the first so many are kept
// with what proves them, since a history that lost a disk has a million of them.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { Offset } from '../../model/vocabulary/units.ts'

/** Every kind of anomaly, the claim of docs/claims.md that it breaks, and what it is, for people. */
export const anomalyKinds = {
  'lost-write': { claim: 'L1', title: 'acknowledged, read past, and never read' },
  unseen: { claim: 'L1', title: 'acknowledged, and not read by the end' },
  'inconsistent-offsets': { claim: 'O1', title: 'one offset, two values' },
  duplicate: { claim: 'O3', title: 'one value, two offsets' },
  'aborted-read': { claim: 'L8', title: 'read, although its send failed (G1a)' },
  'nonmonotonic-send': { claim: 'O3', title: 'a later send stands earlier' },
  'send-skip': { claim: 'O3', title: 'a send with other records in the middle' },
  'poll-skip': { claim: 'F4', title: 'a consumer passed over records' },
  'nonmonotonic-poll': { claim: 'F4', title: 'a consumer went back' },
  'skipped-by-group': { claim: 'L7', title: 'committed, and not read by the group' },
  'rebalance-overlap': { claim: 'G1', title: 'two owners in one generation' },
  'commit-regress': { claim: 'F6', title: 'a committed offset went back' },
  G0: { claim: 'O2', title: 'records in an order in which they cannot have been written' },
  G1c: { claim: 'O2', title: 'records read before they can have been written' },
} as const

export type AnomalyKind = keyof typeof anomalyKinds

/** What the settings say. `undecided`: it depends on something that the header does not tell. */
export type Judgement =
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'allowed'; readonly because: string }
  | { readonly kind: 'undecided'; readonly tell: string }

export const forbidden: Judgement = { kind: 'forbidden' }

/** An anomaly that the settings allow. */
export function allowed(because: string): Judgement {
  return { kind: 'allowed', because }
}

export type Anomaly = {
  readonly kind: AnomalyKind
  readonly sentence: string
  /** Where, for pictures; a group's or several partitions' anomaly is nowhere in particular. */
  readonly place: (TopicPartition & { readonly offsets: readonly Offset[] }) | null
  /** The operations that prove it, by their index in the history; ascending. */
  readonly operations: readonly number[]
  readonly judgement: Judgement
}

export type AnomalyCounts = { readonly forbidden: number; readonly undecided: number; readonly allowed: number }

const keptMost = 1000

/** Collects the anomalies of one history. */
export class Findings {
  readonly #kept: Anomaly[] = []
  readonly #counts = new Map<AnomalyKind, { forbidden: number; undecided: number; allowed: number }>()

  /** `describe` is asked only when the anomaly is kept. */
  add(kind: AnomalyKind, judgement: Judgement, describe: () => Omit<Anomaly, 'kind' | 'judgement'>): void {
    const known = this.#counts.get(kind) ?? { forbidden: 0, undecided: 0, allowed: 0 }
    this.#counts.set(kind, known)
    if (known[judgement.kind]++ >= keptMost) return
    const { operations, ...rest } = describe()
    const proof = [...new Set(operations)].toSorted((a, b) => a - b)
    this.#kept.push({ kind, judgement, ...rest, operations: proof })
  }

  /** What was kept: by weight of the kind, then in the order of finding. */
  get anomalies(): readonly Anomaly[] {
    return kindsByWeight().flatMap(kind => this.#kept.filter(anomaly => anomaly.kind === kind))
  }

  /** How many there were of each kind that there was; by weight. */
  get counts(): readonly (AnomalyCounts & { readonly kind: AnomalyKind })[] {
    return kindsByWeight().flatMap(kind => {
      const counts = this.#counts.get(kind)
      return counts === undefined ? [] : [{ kind, ...counts }]
    })
  }
}

/** Every kind; a heavier one names the finding. */
function kindsByWeight(): readonly AnomalyKind[] {
  // Object.keys gives the keys of this very table.
  return Object.keys(anomalyKinds) as AnomalyKind[]
}
