// What goes over the wire, where no answer of a broker would show that it is wrong.
import { afterEach, expect, test } from 'vitest'
import { Conversation, recordsOf } from './testing/conversation.ts'
import { FakeBroker, properly, type Request } from './testing/fake-broker.ts'

const open: (() => Promise<unknown>)[] = []
const requests: Request[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
  requests.length = 0
})

async function start(): Promise<Conversation> {
  const broker = await FakeBroker.start(request => {
    requests.push(request)
    return properly
  })
  open.push(() => broker.stop())
  return await Conversation.start(broker.address, 'newest', { patienceMs: 50 })
}

/** The requests of one API, in order. */
const bodies = (api: string) => requests.filter(request => request.api === api).map(({ body }) => body)

test('a fetch is a consumer’s, of as many bytes and of the isolation that were asked for', async () => {
  const run = await start()
  await run.fetch('t1', 7, { bytesMax: 99, isolation: 'read_committed' })
  await run.fetch('t1', 8)
  const row = { partition: 0, fetchOffset: 7, partitionMaxBytes: 99, currentLeaderEpoch: -1 }
  const asked = { maxBytes: 99, maxWaitMs: 0, isolationLevel: 1, sessionId: 0, sessionEpoch: -1, rackId: '' }
  expect(bodies('Fetch')).toMatchObject([{ ...asked, topics: [{ partitions: [row] }] }, { isolationLevel: 0 }])
})

test('offsets are asked for as a consumer does', async () => {
  const run = await start()
  await run.once({ kind: 'listOffsets', topic: 't1', partition: 3, timestamp: -2, epoch: 'none' })
  await run.once({ kind: 'endOffsetForEpoch', topic: 't1', partition: 3, epoch: 'none' })
  expect(bodies('ListOffsets')).toMatchObject([{ replicaId: -1, topics: [{ partitions: [{ timestamp: -2 }] }] }])
  const row = { partition: 3, currentLeaderEpoch: -1, leaderEpoch: -1 }
  expect(bodies('OffsetForLeaderEpoch')).toMatchObject([{ replicaId: -1, topics: [{ partitions: [row] }] }])
})

test('a batch is sent with its acks, and no topic is created by asking', async () => {
  const run = await start()
  for (const acks of [-1, 0, 1] as const) await run.produce('t1', recordsOf('a'), { acks })
  expect(bodies('Produce')).toMatchObject([{ acks: -1 }, { acks: 0 }, { acks: 1 }])
  for (const body of bodies('Metadata')) expect(body).toMatchObject({ allowAutoTopicCreation: false })
})

test('members say how long they may be silent, and each client has its id', async () => {
  const run = await start()
  await run.join('c1', '', ['c1'], { session: 'short' })
  await run.join('c2', '', ['c2'], { session: 'long', groupInstanceId: 'i1' })
  const asked = { rebalanceTimeoutMs: 60_000, protocolType: 'consumer', memberId: '' }
  expect(bodies('JoinGroup')).toMatchObject([
    { ...asked, sessionTimeoutMs: 6000, groupInstanceId: null, protocols: [{ name: 'range' }] },
    { ...asked, sessionTimeoutMs: 60_000, groupInstanceId: 'i1' },
  ])
  const clients = requests.filter(({ api }) => api === 'JoinGroup').map(({ clientId }) => clientId)
  expect(clients).toEqual([expect.stringMatching(/^lockstep-.*-c1$/), expect.stringMatching(/^lockstep-.*-c2$/)])
})
