// What is known of real partitioners and assignors: for each subject the findings of `docs/findings/`, each with the
// situations in which it shows. Everywhere else the subject has to agree with the model.
import { haveEqualSubscriptions, subscribes } from '../../model/assignors/members.ts'
import { murmur2, utf8Bytes } from '../../model/murmur2.ts'
import type { PartitionerOperation } from '../../model/vocabulary/choosing.ts'
import { type About, assignors, partitioners } from './about.ts'
import type { Assignable } from './outside.ts'
import * as subjects from './subjects.ts'

const differentSubscriptions = ({ members, topics }: Assignable): boolean => !haveEqualSubscriptions(members, topics)
const isSticky = ({ assignor }: Assignable): boolean => assignor === 'sticky' || assignor === 'cooperative-sticky'
const hasKey = (operation: PartitionerOperation): boolean =>
  operation.kind === 'choose' && operation.given === null && operation.key !== null
const hasNegativeHash = (operation: PartitionerOperation): boolean =>
  operation.kind === 'choose' && operation.key !== null && murmur2(utf8Bytes(operation.key)) < 0

/** A member owns a partition that its topic, which is there, has no longer. */
function ownsWhatIsGone({ members, topics }: Assignable): boolean {
  return members.some(({ owned }) =>
    owned.some(({ topic, partition }) => topics.some(known => known.topic === topic && partition >= known.count)),
  )
}

/** A member owns something since an earlier generation than another member's. */
function hasOwnerOfOld({ members }: Assignable): boolean {
  const latest = Math.max(...members.map(({ generationId }) => generationId))
  return members.some(({ owned, generationId }) => owned.length > 0 && generationId < latest)
}

/** A member owns something of a topic to which it does not subscribe any more. */
function ownsUnsubscribed({ members }: Assignable): boolean {
  return members.some(member => member.owned.some(({ topic }) => !subscribes(member, topic)))
}

/** Some members subscribe to nothing, and others do not. */
function hasIdleMember({ members }: Assignable): boolean {
  const subscribed = members.filter(member => member.topics.length > 0)
  return subscribed.length > 0 && subscribed.length < members.length
}

/** Every subject of `subjects.ts`. */
export const known: readonly About[] = [
  partitioners('javaPartitioners', subjects.javaPartitioners),
  assignors('javaAssignors', subjects.javaAssignors, [
    { name: 'kafka-sticky-keeps-partitions-that-are-gone', shows: at => isSticky(at) && ownsWhatIsGone(at) },
    { name: 'kafka-sticky-takes-no-subscription-for-any', shows: at => isSticky(at) && hasIdleMember(at) },
    { name: 'kafka-sticky-gives-back-what-is-not-subscribed', shows: at => isSticky(at) && ownsUnsubscribed(at) },
  ]),
  partitioners('kafkajsPartitioner', subjects.kafkajsPartitioner, [
    { name: 'kafkajs-round-robin-of-odd-topic-names', shows: ({ topic }) => topic in {} },
  ]),
  partitioners('kafkajsLegacyPartitioner', subjects.kafkajsLegacyPartitioner, [
    { name: 'kafkajs-legacy-partitioner', shows: hasKey },
  ]),
  assignors('kafkajsAssigner', subjects.kafkajsAssigner, [
    { name: 'kafkajs-assigns-the-leaders-topics', shows: differentSubscriptions },
  ]),
  partitioners('platformaticPartitioner', subjects.platformaticPartitioner),
  partitioners('platformaticDefaultPartitioner', subjects.platformaticDefaultPartitioner, [
    { name: 'platformatic-default-partitioner', shows: hasNegativeHash },
  ]),
  assignors('platformaticRoundRobin', subjects.platformaticRoundRobin, [
    { name: 'platformatic-round-robin-assigns-the-leaders-topics', shows: differentSubscriptions },
  ]),
  assignors('platformaticCooperativeSticky', subjects.platformaticCooperativeSticky, [
    { name: 'platformatic-cooperative-sticky-assigns-the-leaders-topics', shows: differentSubscriptions },
    { name: 'platformatic-cooperative-sticky-takes-from-owners-of-old', shows: hasOwnerOfOld },
  ]),
]
