// @platformatic/kafka's partitioners and assigners as a subject: `node platformatic.ts [default|roundrobin|…]`. The
// partitioner is the one that is to be like Java's, or with `default` the one that it takes when it is told nothing; an
// assignor's name leaves the others out.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Assignment, AssignorMember, TopicPartition } from '../../model/vocabulary/choosing.ts'
import { installed } from './installed.ts'
import { type Declined, declined, type Library, speak } from './speak.ts'

/** What is used of the library. */
type Platformatic = {
  readonly compatibilityPartitioner: Partitioner
  readonly defaultPartitioner: Partitioner
  readonly roundRobinAssigner: Assigner
  readonly cooperativeStickyAssigner: Assigner
}
type Partitioner = (message: object, key: Buffer) => number
type TopicPartitions = { readonly topic: string; readonly partitions: readonly number[] }
type Assigner = (
  current: string,
  members: ReadonlyMap<
    string,
    {
      readonly memberId: string
      readonly version: number
      readonly topics: readonly string[]
      readonly ownedPartitions: readonly TopicPartitions[]
      readonly generationId: number
    }
  >,
  topics: ReadonlySet<string>,
  metadata: { readonly topics: ReadonlyMap<string, { readonly partitionsCount: number }> },
) => readonly { readonly memberId: string; readonly assignments: ReadonlyMap<string, TopicPartitions> }[]

const library: Platformatic = installed.require('@platformatic/kafka')
const entrance = installed.require.resolve('@platformatic/kafka')
const { version } = JSON.parse(readFileSync(join(dirname(entrance), '../package.json'), 'utf8'))
const only = process.argv[2] ?? ''
const which = only === 'default' ? 'defaultPartitioner' : 'compatibilityPartitioner'

const partitioner: Library['partitioner'] = () => operation => {
  if (operation.kind !== 'choose') return { kind: 'done' }
  const { given, key, partitionCount } = operation
  // These are decided inside of its producer, which cannot be asked without a broker.
  if (given !== null) return declined('a given partition never reaches its partitioners')
  if (key === null) return declined('its partitioners are for keys')
  // The producer takes the remainder (`Producer`, when it knows the topic's partitions).
  return { kind: 'chosen', partition: library[which]({}, Buffer.from(key)) % partitionCount }
}

const assignor: Library['assignor'] = async (name, members, topics): Promise<Assignment | Declined> => {
  const assign = { roundrobin: library.roundRobinAssigner, 'cooperative-sticky': library.cooperativeStickyAssigner }
  if (name !== 'roundrobin' && name !== 'cooperative-sticky') return declined(`it has no ${name} assignor`)
  if (only in assign && only !== name) return declined(`only ${only} is asked for`)
  const [leader] = members
  if (leader === undefined) return []
  const given = assign[name](
    leader.memberId,
    new Map(members.map(member => [member.memberId, subscriptionOf(member)])),
    // A leader assigns what it subscribes to itself (`Consumer`, when it makes assignments), as far as metadata knows it.
    new Set(leader.topics.filter(topic => topics.some(known => known.topic === topic))),
    { topics: new Map(topics.map(({ topic, count }) => [topic, { partitionsCount: count }])) },
  )
  return members.map(({ memberId }) => {
    const share = given.find(one => one.memberId === memberId)
    return { memberId, partitions: flat([...(share?.assignments.values() ?? [])]) }
  })
}

function subscriptionOf({ memberId, topics, owned, generationId }: AssignorMember) {
  const byTopic = Map.groupBy(owned, ({ topic }) => topic)
  const ownedPartitions = Array.from(byTopic, ([topic, of]) => ({
    topic,
    partitions: of.map(({ partition }) => partition),
  }))
  return { memberId, version: 3, topics, ownedPartitions, generationId }
}

function flat(shares: readonly TopicPartitions[]): readonly TopicPartition[] {
  return shares
    .toSorted((a, b) => (a.topic < b.topic ? -1 : 1))
    .flatMap(({ topic, partitions }) => partitions.toSorted((a, b) => a - b).map(partition => ({ topic, partition })))
}

await speak({ name: `@platformatic/kafka ${version} ${which}`, partitioner, assignor })
