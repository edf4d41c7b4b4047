// Tells a story: runs its commands on the model and on a subject in lockstep, and writes down what each block changed.
import { openLockstep } from '../../properties/lockstep.ts'
import type { Subject } from '../../properties/verdict.ts'
import { clusterChanges, clusterOutcomeWords, seenAlso } from '../render/cluster-changes.ts'
import { clusterLine } from '../render/cluster-operation.ts'
import { headline, sideBySide } from '../render/failure.ts'
import type { Story } from './parse.ts'

/** The lines that each block changed, in order. Where the sides part, the last block says so instead. */
export function tell(story: Story, subject: Subject<'cluster'>): readonly (readonly string[])[] {
  const lockstep = openLockstep(story.setup, subject, { labels: false })
  const told: (readonly string[])[] = []
  let before = lockstep.start
  let lastSeen = seenAlso({}, before)
  for (const block of story.blocks) {
    const lines: string[] = []
    let after = before
    const lastSeenBefore = lastSeen
    for (const operation of block.operations) {
      const step = lockstep.step(operation)
      if (step === null) return told
      const answer = clusterOutcomeWords(step.model.outcome)
      if (answer !== '') lines.push(`${clusterLine(operation)}: ${answer}`)
      after = step.model.observation
      lastSeen = seenAlso(lastSeen, after)
      if (step.verdict !== null) {
        return [
          ...told,
          [`after ${clusterLine(operation)}`, ...headline(step.verdict), ...sideBySide(step.verdict, subject.name)],
        ]
      }
    }
    told.push([...lines, ...clusterChanges(before, after, lastSeenBefore)])
    before = after
  }
  const { verdict } = lockstep.end()
  return verdict.kind === 'agree' ? told : [...told, [...headline(verdict), ...sideBySide(verdict, subject.name)]]
}
