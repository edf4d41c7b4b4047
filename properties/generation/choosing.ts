// Walking a partitioner and an assignor. Both are small: what matters is that counters and choices carry over from one
// operation to the next while leaders, members and partition counts change in between.
import type {
  AssignorMember,
  AssignorName,
  AssignorObservation,
  AssignorOperation,
  TopicPartition,
} from '../../model/vocabulary/choosing.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import { drawLength } from './mix.ts'
import type { Walker } from './walk.ts'

/** Draws a partitioner and records for it. */
export function startPartitionerWalker(random: Random, given?: SetupOf<'partitioner'>): Walker<'partitioner'> {
  const counts = new Map<string, number>()
  const topicOf = (): string => random.pick(['t', 't', 'u'])
  const leading = (count: number): readonly number[] => {
    const share = random.fraction()
    const partitions = Array.from({ length: count }, (_, partition) => partition)
    if (share < 0.5) return partitions
    if (share < 0.6) return []
    return partitions.filter(() => random.chance(0.5))
  }
  const choose = (given: number | null, key: string | null) => {
    const topic = topicOf()
    const partitionCount = counts.get(topic) ?? random.between(1, 5)
    counts.set(topic, random.chance(0.1) ? partitionCount + 1 : partitionCount)
    const draw = random.pick([0, 1, random.below(10), random.below(2 ** 31)])
    return { kind: 'choose' as const, topic, given, key, partitionCount, available: leading(partitionCount), draw }
  }
  return {
    setup: given ?? { scope: 'partitioner', partitioner: random.pick(['roundRobin', 'sticky']) },
    length: drawLength(random, 80),
    moves: [
      { name: 'choose freely', weight: 10, propose: () => choose(null, null) },
      { name: 'choose by key', weight: 6, propose: () => choose(null, drawKey(random)) },
      { name: 'choose a given one', weight: 3, propose: () => choose(random.between(-1, 6), random.pick([null, 'a'])) },
      { name: 'newBatch', weight: 5, propose: () => ({ kind: 'newBatch', topic: topicOf() }) },
    ],
  }
}

/** Keys of every length modulo 4, whose last bytes murmur2 treats apart, and some outside ASCII. */
function drawKey(random: Random): string {
  if (random.chance(0.1)) return random.pick(oddKeys)
  const length = random.below(12)
  let key = ''
  for (let i = 0; i < length; i++) key += String.fromCharCode(random.between(33, 126))
  return key
}

/** Of one to four bytes a character, and half a surrogate pair, which has no UTF-8 of its own. */
const oddKeys = [
  '',
  'é',
  '\u{10348}',
  'ключ',
  '\u0000',
  '\u007f\u0080\u00ff',
  '한글',
  '\u0800\uffff',
  '\ud800a',
] as const

const memberIds = ['m1', 'm2', 'm3', 'm4', 'm5'] as const
const topicNames = ['t', 'u', 'v'] as const

/** Draws a group that is assigned again and again while it changes. */
export function startAssignorWalker(random: Random): Walker<'assignor'> {
  const favourite = random.pick<AssignorName>(['range', 'roundrobin', 'sticky', 'cooperative-sticky'])
  const isUniform = random.chance(0.5)
  const topicsOf = (): readonly string[] => {
    if (isUniform && random.chance(0.9)) return ['t', 'u']
    const topics: string[] = topicNames.filter(() => random.chance(0.5))
    return random.chance(0.1) ? topics.concat('gone', 't') : topics
  }
  return {
    setup: { scope: 'assignor' },
    length: drawLength(random, 50),
    moves: [
      {
        name: 'join',
        weight: 8,
        propose: () => ({
          kind: 'join',
          memberId: random.pick([...memberIds]),
          groupInstanceId: random.chance(0.25) ? random.pick(['i1', 'i2', 'i3']) : null,
          topics: topicsOf(),
        }),
      },
      {
        name: 'leave',
        weight: 3,
        propose: ({ members }) => {
          const member = random.pickOrNull(members)
          return member === null ? null : { kind: 'leave', memberId: member.memberId }
        },
      },
      {
        name: 'setPartitionCount',
        weight: 5,
        propose: () => ({ kind: 'setPartitionCount', topic: random.pick([...topicNames]), count: drawCount(random) }),
      },
      { name: 'claim', weight: 3, propose: group => drawClaim(random, group) },
      {
        name: 'assign',
        weight: 10,
        propose: ({ members }) =>
          members.length === 0 && random.chance(0.9)
            ? null
            : {
                kind: 'assign',
                assignor: random.chance(0.7)
                  ? favourite
                  : random.pick(['range', 'roundrobin', 'sticky', 'cooperative-sticky']),
              },
      },
    ],
  }
}

function drawCount(random: Random): number {
  return random.pick([0, 1, 2, 3, 3, 4, 5, 6, 7])
}

/** A zombie that claims what another was given, a liar of the same generation, or something that does not exist. */
function drawClaim(random: Random, { members, generationId, topics }: AssignorObservation): AssignorOperation | null {
  const member = random.pickOrNull(members)
  const other: AssignorMember | null = random.pickOrNull(members)
  if (member === null || other === null) return null
  const owned: TopicPartition[] = other.owned.filter(() => random.chance(0.6))
  const topic = random.pickOrNull(topics)
  if (topic !== null) owned.push({ topic: topic.topic, partition: random.below(topic.count + 1) })
  const since = random.pick([generationId, generationId, generationId - 1, generationId + 1, -1])
  return { kind: 'claim', memberId: member.memberId, owned: owned.sort(byPartition), generationId: since }
}

function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
}
