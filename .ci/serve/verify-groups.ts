// Group offsets, members and topics after a kill, against what was acknowledged before.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { WireClient } from '../../impl/host/testing/wire-client.ts'
import { describeConfigs } from '../../impl/wire/apis/describe-configs.ts'
import { errorName } from '../../impl/wire/errors.ts'
import type { Book, MadeTopic } from './book.ts'
import { beat } from './group-load.ts'

const ofTopic = 2
const goneWithinMs = 5000

/** Every acknowledged offset is there, or a later one that was sent; members are members still. */
export async function verifyGroups(client: WireClient, book: Book): Promise<void> {
  for (const commits of book.commits) {
    const { group, topic, partition, acknowledged, asked } = commits
    const offset = await client.committed(group, topic, partition)
    if (offset < acknowledged || offset > asked) {
      book.problem(
        `group offset: ${group} has ${offset} for ${topic}-${partition}, and ${acknowledged} was acknowledged (${asked} the last sent)`,
      )
    }
    commits.acknowledged = Math.max(acknowledged, offset)
  }
  for (const membership of book.memberships) {
    if (membership.generationId === -1) continue
    const code = await beat(membership, client)
    if (code !== 0) book.problem(`the member of ${membership.group} was forgotten: ${errorName(code)}`)
  }
}

/** Topics that an administrator made are as was acknowledged; what was asked and not answered is settled now. */
export async function verifyTopics(data: string, client: WireClient, book: Book): Promise<void> {
  const known = new Map((await client.metadata()).topics.map(topic => [topic.name, topic]))
  for (const made of book.topics.values()) {
    const seen = known.get(made.topic)
    if (made.exists === 'yes' && seen === undefined) book.problem(`${made.topic} was created and is not there`)
    if (made.exists === 'no' && seen !== undefined) book.problem(`${made.topic} was deleted and is there`)
    if (seen === undefined) {
      made.exists = 'no'
      continue
    }
    made.exists = 'yes'
    const count = seen.partitions.length
    if (count !== made.partitions && count !== made.partitionsAsked) {
      book.problem(`${made.topic} has ${count} partitions, and not ${made.partitions}`)
    }
    made.partitions = count
    made.partitionsAsked = count
    await verifyConfig(made, client, book)
  }
  await verifyFolders(data, book)
}

async function verifyConfig(made: MadeTopic, client: WireClient, book: Book): Promise<void> {
  const { results } = await client.askAny(describeConfigs, 4, {
    resources: [{ resourceType: ofTopic, resourceName: made.topic, configurationKeys: ['retention.ms'] }],
    includeSynonyms: false,
    includeDocumentation: false,
  })
  const value = results[0]?.configs[0]?.value ?? ''
  if (value !== made.retentionMs && value !== made.retentionMsAsked) {
    book.problem(`${made.topic} has retention.ms=${value}, and not ${made.retentionMs}`)
  }
  made.retentionMs = value
  made.retentionMsAsked = value
}

/** Of a topic that is gone, no broker keeps anything. */
async function verifyFolders(data: string, book: Book): Promise<void> {
  const gone = [...book.topics.values()].filter(({ exists }) => exists === 'no').map(({ topic }) => topic)
  const until = performance.now() + goneWithinMs
  let left: readonly string[] = []
  do {
    left = [1, 2, 3].flatMap(broker => {
      const folder = join(data, `broker-${broker}`)
      const names = existsSync(folder) ? readdirSync(folder) : []
      return names.filter(name => gone.includes(name.replace(/-\d+$/, ''))).map(name => `broker-${broker}/${name}`)
    })
    if (left.length === 0) return
    await new Promise(resolve => setTimeout(resolve, 50))
  } while (performance.now() < until)
  book.problem(`left of topics that are gone: ${left.join(', ')}`)
}
