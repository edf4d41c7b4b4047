// Commit-regress: a group's committed offset moves back although nobody moved it (F6). A commit was acknowledged; later a
// member of the group commits a smaller offset, or a smaller one is read.
//
// Later means: it began after the acknowledgement. Commits without a generation come from outside the group's protocol
// and may say anything, and so may a member that was told to go on elsewhere.
import { allowed, type Findings, type Judgement } from './anomaly.ts'
import type { Of, PartitionOffset } from './history.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText } from './words.ts'

type Event = {
  readonly at: number
  readonly operation: number
  readonly kind: 'acknowledged' | 'told' | 'sought' | 'reset'
  readonly group: string
  readonly client: string
  readonly offsets: readonly PartitionOffset[]
}
type Committed = { readonly offset: number; readonly operation: number }

export function findCommitRegressions(index: LogIndex, findings: Findings): void {
  const highest = new Map<string, Committed>()
  const resets = new Map<string, number>()
  const sought = new Set<string>()
  for (const { at, operation, kind, group, client, offsets } of events(index)) {
    const start = index.history.operations[operation]?.start ?? 0
    for (const place of offsets) {
      const key = JSON.stringify([group, place.topic, place.partition])
      const soughtKey = JSON.stringify([client, place.topic, place.partition])
      const known = highest.get(key)
      if (kind === 'reset') {
        highest.delete(key)
        resets.set(key, Math.max(at, index.history.operations[operation]?.end ?? at))
      } else if (kind === 'sought') sought.add(soughtKey)
      else if (kind === 'acknowledged') {
        const isBeforeReset = start <= (resets.get(key) ?? Number.NEGATIVE_INFINITY)
        if (!isBeforeReset && (known === undefined || known.offset < place.offset)) {
          highest.set(key, { offset: place.offset, operation })
        }
      } else if (known !== undefined && place.offset < known.offset) {
        findings.add('commit-regress', judge(index, operation, sought.has(soughtKey)), () => ({
          sentence: `${group} had committed offset ${known.offset} of ${partitionText(place)}, and later it was ${place.offset} (${linesText([known.operation, operation])})`,
          place: { topic: place.topic, partition: place.partition, offsets: [place.offset, known.offset] },
          operations: [known.operation, operation],
        }))
      }
    }
  }
}

/** The coordinator writes with `acks=all`; what makes records vanish makes consumers go back too. */
function judge({ history }: LogIndex, operation: number, hasSought: boolean): Judgement {
  const found = history.operations[operation]
  if (found?.kind === 'commit' && found.generation < 0) return allowed('committed from outside the group')
  if (hasSought) return allowed('the consumer was told to go on elsewhere')
  return judgeLoss(history.settings)
}

/** What happens to groups' offsets, in order of time; at the same time what begins comes before what ends. */
function events({ history }: LogIndex): readonly Event[] {
  const found: Event[] = []
  for (const [index, operation] of history.operations.entries()) {
    const { kind, client, start, end, completed } = operation
    if (kind === 'seek') {
      const { topic, partition } = operation
      found.push({
        at: start,
        operation: index,
        kind: 'sought',
        group: '',
        client,
        offsets: [{ topic, partition, offset: 0 }],
      })
    }
    if (kind !== 'commit' && kind !== 'committed' && kind !== 'resetOffsets') continue
    const event = eventOf(operation, index)
    if (kind === 'resetOffsets') {
      if (completed !== 'fail') found.push({ ...event, at: start, kind: 'reset' })
    } else if (completed === 'ok') {
      found.push({ ...event, at: start, kind: 'told' })
      if (kind === 'commit') found.push({ ...event, at: end, kind: 'acknowledged' })
    }
  }
  const rank = (event: Event) => (event.kind === 'acknowledged' ? 1 : 0)
  return found.sort((a, b) => a.at - b.at || rank(a) - rank(b) || a.operation - b.operation)
}

function eventOf({ group, client, offsets }: Of<'commit' | 'committed' | 'resetOffsets'>, operation: number) {
  return { operation, group, client, offsets }
}
