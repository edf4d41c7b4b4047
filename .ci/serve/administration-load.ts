// An administrator at work: topics that come, grow, change and go, records that are deleted, leaders that are moved.
//
// What was asked and not answered may or may not have happened; what was answered has.
import { setTimeout as pause } from 'node:timers/promises'
import { accept, Refused, type WireClient } from '../../impl/host/testing/wire-client.ts'
import { ConnectionLost } from '../../impl/host/wire-connection.ts'
import { createPartitions } from '../../impl/wire/apis/create-partitions.ts'
import { deleteRecords } from '../../impl/wire/apis/delete-records.ts'
import { deleteTopics } from '../../impl/wire/apis/delete-topics.ts'
import { electLeaders } from '../../impl/wire/apis/elect-leaders.ts'
import { incrementalAlterConfigs } from '../../impl/wire/apis/incremental-alter-configs.ts'
import type { Book, MadeTopic } from './book.ts'
import type { Dice } from './dice.ts'

const timeoutMs = 10_000
const preferred = 0
const ofTopic = 2
const set = 0
const topicsMax = 8

/** Where leaders are moved and records deleted. */
export type Ground = {
  readonly trimmed: string
  readonly partitioned: readonly { readonly topic: string; readonly partitions: number }[]
}

/** Does one thing after the other until the signal. */
export async function administer(
  ground: Ground,
  client: WireClient,
  book: Book,
  dice: Dice,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await oneThing(ground, client, book, dice)
      book.counts.administration++
    } catch (error) {
      client.forget()
      const isPassing = error instanceof Refused && /LEADER|TIMED_OUT|NOT_AVAILABLE|NOT_NEEDED/.test(error.error)
      if (!(isPassing || error instanceof ConnectionLost)) {
        book.problem(`administration failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    await pause(dice.between(5, 60))
  }
}

async function oneThing(ground: Ground, client: WireClient, book: Book, dice: Dice): Promise<void> {
  const there = [...book.topics.values()].filter(({ exists }) => exists === 'yes')
  const kind = dice.pick(['create', 'create', 'grow', 'alter', 'delete', 'trim', 'elect'] as const)
  if (kind === 'trim') return await trim(ground.trimmed, client, book, dice)
  if (kind === 'elect') return await elect(ground, client, dice)
  if (kind === 'create' || there.length === 0) {
    if (there.length < topicsMax) await create(client, book, dice)
    return
  }
  const topic = dice.pick(there)
  if (kind === 'grow') await grow(topic, client)
  else if (kind === 'alter') await alter(topic, client, dice)
  else await remove(topic, client)
}

async function create(client: WireClient, book: Book, dice: Dice): Promise<void> {
  const partitions = dice.between(1, 3)
  const retentionMs = String(dice.between(100_000_000, 900_000_000))
  const topic = `made-${book.topics.size}`
  const made: MadeTopic = {
    topic,
    exists: 'asked',
    partitions,
    partitionsAsked: partitions,
    retentionMs,
    retentionMsAsked: retentionMs,
  }
  book.topics.set(topic, made)
  await client.createTopic(topic, partitions, 3, { 'retention.ms': retentionMs })
  made.exists = 'yes'
}

async function grow(made: MadeTopic, client: WireClient): Promise<void> {
  made.partitionsAsked = made.partitions + 1
  const wish = { name: made.topic, count: made.partitionsAsked, assignments: null }
  const asked = { topics: [wish], timeoutMs, validateOnly: false }
  const { results } = await client.askAny(createPartitions, 3, asked)
  accept(results[0]?.errorCode ?? -1, `growing ${made.topic}`)
  made.partitions = made.partitionsAsked
}

async function alter(made: MadeTopic, client: WireClient, dice: Dice): Promise<void> {
  made.retentionMsAsked = String(dice.between(100_000_000, 900_000_000))
  const change = { name: 'retention.ms', configOperation: set, value: made.retentionMsAsked }
  const resource = { resourceType: ofTopic, resourceName: made.topic, configs: [change] }
  const { responses } = await client.askAny(incrementalAlterConfigs, 1, { resources: [resource], validateOnly: false })
  accept(responses[0]?.errorCode ?? -1, `altering ${made.topic}`)
  made.retentionMs = made.retentionMsAsked
}

async function remove(made: MadeTopic, client: WireClient): Promise<void> {
  made.exists = 'deleting'
  const { responses } = await client.askAny(deleteTopics, 5, { topics: [], topicNames: [made.topic], timeoutMs })
  accept(responses[0]?.errorCode ?? -1, `deleting ${made.topic}`)
  made.exists = 'no'
}

async function trim(topic: string, client: WireClient, book: Book, dice: Dice): Promise<void> {
  const leader = await client.leader(topic, 0)
  const [start, end] = await Promise.all([client.listOffset(topic, 0, -2), client.listOffset(topic, 0, -1)])
  const offset = dice.between(start.offset, Math.max(start.offset, end.offset))
  const key = `${topic}-0`
  book.deletedUpTo.set(key, Math.max(offset, book.deletedUpTo.get(key) ?? 0))
  const asked = { topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }], timeoutMs }
  const { topics } = await leader.ask(deleteRecords, 2, asked)
  accept(topics[0]?.partitions[0]?.errorCode ?? -1, `deleting records of ${topic} below ${offset}`)
}

/** After a kill, whoever came first leads everything: this moves leaders back, and so begins new epochs. */
async function elect({ partitioned }: Ground, client: WireClient, dice: Dice): Promise<void> {
  const { topic, partitions } = dice.pick(partitioned)
  const topicPartitions = [{ topic, partitions: [dice.below(partitions)] }]
  const answer = await client.askAny(electLeaders, 2, { electionType: preferred, topicPartitions, timeoutMs })
  accept(answer.errorCode, `electing a leader of ${topic}`)
  const row = answer.replicaElectionResults[0]?.partitionResult[0]
  accept(row?.errorCode ?? 0, `electing a leader of ${topic}`)
}
