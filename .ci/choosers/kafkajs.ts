// kafkajs's partitioners and its assigner as a subject: `node kafkajs.ts [default|legacy]`, the partitioner of its second or
// of its first major version.

import type { Assignment, PartitionerOutcome, TopicPartition } from '../../model/vocabulary/choosing.ts'
import { installed } from './installed.ts'
import { type Declined, declined, type Library, speak } from './speak.ts'

/** What is used of kafkajs, which has no types for its partitioners' arguments. */
type KafkaJs = {
  readonly Partitioners: Readonly<Record<'DefaultPartitioner' | 'LegacyPartitioner', () => Partitioner>>
  readonly PartitionAssigners: {
    readonly roundRobin: (context: { readonly cluster: Cluster }) => { readonly assign: Assign }
  }
  readonly AssignerProtocol: Readonly<Record<'MemberMetadata' | 'MemberAssignment', Codec>>
}
type Partitioner = (record: {
  readonly topic: string
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[]
  readonly message: { readonly key: string | null; readonly value: string; readonly partition?: number }
}) => number
type Cluster = {
  readonly findTopicPartitionMetadata: (topic: string) => readonly { readonly partitionId: number }[]
}
type Assign = (group: {
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
  readonly topics: readonly string[]
}) => Promise<readonly { readonly memberId: string; readonly memberAssignment: Buffer }[]>
type Codec = {
  readonly encode: (value: object) => Buffer
  readonly decode: (bytes: Buffer) => { readonly assignment: Readonly<Record<string, readonly number[]>> } | null
}

const kafkajs: KafkaJs = installed.require('kafkajs')
const { version } = installed.require('kafkajs/package.json')
const which = process.argv[2] === 'legacy' ? 'LegacyPartitioner' : 'DefaultPartitioner'

const partitioner: Library['partitioner'] = setup => {
  if (setup.partitioner === 'sticky') return declined('kafkajs has no sticky partitioner')
  const choose = kafkajs.Partitioners[which]()
  return operation => {
    if (operation.kind !== 'choose') return { kind: 'done' }
    const { topic, given, key, partitionCount, available } = operation
    if (given !== null && (given < 0 || given >= partitionCount)) {
      return declined('kafkajs leaves it to the producer to look whether there is such a partition')
    }
    const partitionMetadata = Array.from({ length: partitionCount }, (_, partitionId) => ({
      partitionId,
      leader: available.includes(partitionId) ? 1 : -1,
    }))
    const message = { key, value: '', ...(given !== null && { partition: given }) }
    const partition = fromZero(() => choose({ topic, partitionMetadata, message }))
    return { kind: 'chosen', partition } satisfies PartitionerOutcome
  }
}

/**
 * A round robin begins at 32 random bits. These dice fall so that the first turn is 0, as in the model: 2³² - 1 is what it
 * draws, and it counts before it looks.
 */
function fromZero<T>(choose: () => T): T {
  const { crypto } = globalThis
  const drawn = crypto.getRandomValues
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    value: (bytes: Uint8Array) => bytes.fill(0xff),
  })
  try {
    return choose()
  } finally {
    Object.defineProperty(crypto, 'getRandomValues', { configurable: true, value: drawn })
  }
}

const assignor: Library['assignor'] = async (name, members, topics): Promise<Assignment | Declined> => {
  if (name !== 'roundrobin') return declined(`kafkajs has no ${name} assignor`)
  const [leader] = members
  if (leader === undefined) return []
  const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol
  const cluster: Cluster = {
    findTopicPartitionMetadata: topic =>
      Array.from({ length: topics.find(known => known.topic === topic)?.count ?? 0 }, (_, partitionId) => ({
        partitionId,
      })),
  }
  // A leader assigns what it subscribes to itself (`ConsumerGroup`, in its SYNC).
  const given = await kafkajs.PartitionAssigners.roundRobin({ cluster }).assign({
    members: members.map(member => ({
      memberId: member.memberId,
      memberMetadata: MemberMetadata.encode({ version: 0, topics: member.topics }),
    })),
    topics: leader.topics,
  })
  return members.map(({ memberId }) => {
    const share = given.find(one => one.memberId === memberId)
    const byTopic = share === undefined ? {} : (MemberAssignment.decode(share.memberAssignment)?.assignment ?? {})
    const partitions: TopicPartition[] = Object.keys(byTopic)
      .sort()
      .flatMap(topic => (byTopic[topic] ?? []).toSorted((a, b) => a - b).map(partition => ({ topic, partition })))
    return { memberId, partitions }
  })
}

await speak({ name: `kafkajs ${version} ${which}`, partitioner, assignor })
