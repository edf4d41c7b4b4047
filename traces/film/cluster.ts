// A cluster as a film: lanes for everybody, every message from where it was sent to where it ended, and scenes with logs.
import type { ClusterSetup } from '../../model/vocabulary/cluster.ts'
import { scopes } from '../../properties/scopes.ts'
import { clusterMarks } from './cluster-marks.ts'
import { clusterScene } from './cluster-scene.ts'
import { type Drawn, type DrawnStep, sidesOf, startOf } from './drawn.ts'
import type { Lane, Mark, Message } from './film.ts'
import { Ledger } from './ledger.ts'
import type { Recorded, RecordedStep } from './recorded.ts'
import { momentsEach, singled } from './singled.ts'
import { partsOf, unfolded } from './unfold.ts'

/** Draws a run of a cluster. */
export function drawCluster({ setup, start, steps }: Recorded<'cluster'>): Drawn {
  const most = momentsEach(steps.map(step => partsOf(step.operation, deliveredBy(step))))
  let model = scopes.cluster.startModel(setup)
  let seen = model.observe()
  const ledger = new Ledger(seen, { step: 0, moment: 0 })
  /** Moments in which several messages arrive, as `step.moment`. */
  const crowded = new Set<string>()
  const drawn = steps.map((step, index): DrawnStep => {
    const { parts, model: after } = unfolded(model, setup, step.operation, deliveredBy(step))
    const moments = singled(parts.length, most)
    const marks: Mark[] = []
    for (const [place, part] of parts.entries()) {
      const at = { step: index + 1, moment: moments.momentOf(place) }
      ledger.saw(part, at)
      // Of a crowd only what happened is told, and not how time went on.
      const isCrowd = at.moment === moments.crowd
      marks.push(
        ...clusterMarks(seen, part, step.model.outcome)
          .filter(({ kind }) => !isCrowd || kind !== 'time')
          .map(mark => ({ ...mark, at })),
      )
      seen = part.after
    }
    if (moments.crowd !== null) crowded.add(`${index + 1}.${moments.crowd}`)
    model = after
    return {
      moments: moments.count,
      marks: within(setup, marks),
      ...sidesOf(step, clusterScene),
      remark: moments.remark,
    }
  })
  return {
    lanes: lanesOf(setup),
    start: startOf(clusterScene(start)),
    steps: drawn,
    messages: ledger.messages.filter(message => !isWithinACrowd(message, crowded)),
  }
}

function deliveredBy({ model: { outcome } }: RecordedStep<'cluster'>): number {
  return outcome.kind === 'delivered' ? outcome.messages : 0
}

/** Sent and gone in the same moment: only where many parts are drawn as one. */
function isWithinACrowd({ sent, ended }: Message, crowded: ReadonlySet<string>): boolean {
  if (ended === null || ended.step !== sent.step || ended.moment !== sent.moment) return false
  return crowded.has(`${sent.step}.${sent.moment}`)
}

function lanesOf({ brokers, producers, consumers }: ClusterSetup): readonly Lane[] {
  const named = (letter: string, count: number, kind: Lane['kind']): readonly Lane[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${letter}${index + 1}`, kind }))
  return [
    { name: 'ctl', kind: 'controller' },
    ...named('b', brokers, 'broker'),
    ...named('p', producers, 'producer'),
    ...named('c', consumers, 'consumer'),
  ]
}

/** Operations may name nodes that there are not; nothing happens to those. */
function within(setup: ClusterSetup, marks: readonly Mark[]): readonly Mark[] {
  const names = new Set(lanesOf(setup).map(({ name }) => name))
  return marks.filter(({ lane }) => names.has(lane))
}
