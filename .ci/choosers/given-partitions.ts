// What producers do with a record for a partition that does not exist: `node given-partitions.ts CLIENT HOST:PORT[,…]`, where
// CLIENT is kafkajs, platformatic or platformatic-brokers. The last line of stdout says what was seen.
import { spawnSync } from 'node:child_process'
import { installed } from './installed.ts'

const [client = '', address = '', mode = ''] = process.argv.slice(2)
const bootstrap = address.split(',')
const topic = `given-${crypto.randomUUID()}`

if (mode === 'negative') await negativeWithPlatformatic()
else if (client === 'kafkajs') await withKafkajs()
else if (client === 'platformatic') await withPlatformatic()
else await brokersWithPlatformatic()
process.exit()

/** Sends to partitions 7 and -1 of a topic that has three. */
async function withKafkajs(): Promise<void> {
  const { Kafka, logLevel } = installed.require('kafkajs')
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1'
  const kafka = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const producer = kafka.producer()
  await admin.connect()
  await producer.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
  const seen: string[] = []
  for (const partition of [7, -1]) {
    const outcome = await producer.send({ topic, acks: -1, messages: [{ partition, value: 'v' }] }).then(
      () => 'acknowledged',
      (error: unknown) => String(error),
    )
    const ends: readonly { readonly high: string }[] = await admin.fetchTopicOffsets(topic)
    const there = ends.reduce((sum, { high }) => sum + Number(high), 0)
    seen.push(`partition ${partition} of 3: ${outcome}, and ${there} records are there`)
  }
  await admin.deleteTopics({ topics: [topic] })
  console.log(seen.join('; '))
}

function platformatic(partitions: number) {
  const { Producer, Admin, ProduceAcks, stringSerializers } = installed.require('@platformatic/kafka')
  const common = { clientId: 'given', bootstrapBrokers: bootstrap }
  const admin = new Admin(common)
  const producer = new Producer({ ...common, serializers: stringSerializers })
  const record = (partition: number) => ({
    acks: ProduceAcks.ALL,
    messages: [{ topic, partition, value: 'v' }],
  })
  return { admin, producer, record, create: () => admin.createTopics({ topics: [topic], partitions, replicas: 1 }) }
}

/** The same; a process of its own takes the negative one. */
async function withPlatformatic(): Promise<void> {
  const { admin, producer, record, create } = platformatic(3)
  await create()
  const { offsets } = await producer.send(record(7))
  const { stderr, status } = spawnSync(process.execPath, [import.meta.filename, 'platformatic', address, 'negative'], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  const error = stderr.split('\n').find(line => /^\w*Error: /.test(line))
  const negative = status === 0 ? 'was sent' : `the process died of ${error}`
  await admin.deleteTopics({ topics: [topic] })
  console.log(`partition 7 of 3 went to partition ${offsets[0].partition}; partition -1 of 3: ${negative}`)
}

/** Whoever catches what `send` rejects with is not told: the error comes out of a socket's event. */
async function negativeWithPlatformatic(): Promise<void> {
  const { producer, record, create } = platformatic(3)
  await create()
  await producer.send(record(-1)).catch(() => undefined)
}

/** `getSendBrokers` says where records would go. */
async function brokersWithPlatformatic(): Promise<void> {
  const { admin, producer, record, create } = platformatic(4)
  await create()
  const told: string[] = []
  for (const partition of [0, 1, 2, 3]) {
    const brokers: object = await producer.getSendBrokers(record(partition))
    told.push(...Object.keys(brokers).map(name => name.slice(name.lastIndexOf(':') + 1)))
  }
  await admin.deleteTopics({ topics: [topic] })
  const listed = `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`
  console.log(`brokers are told for the partitions ${listed}, where 0, 1, 2 and 3 were given`)
}
