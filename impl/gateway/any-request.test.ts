// Whatever is asked in whichever version that is offered, there is an answer, or the connection is closed with a sentence
// that names what the client did: never an error of the broker's own, and never silence.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, askOn, tellOn } from '../host/testing/asking.ts'
import type { WireConnection } from '../host/wire-connection.ts'
import { apiVersions } from '../wire/apis/api-versions.ts'
import { apis } from '../wire/apis.ts'
import { messages } from '../wire/arbitraries.ts'
import type { Api } from '../wire/schema.ts'

/** What would make a test wait, or a disk full. */
const bounds: Readonly<Record<string, object>> = {
  Fetch: { maxWaitMs: 5 },
  JoinGroup: { sessionTimeoutMs: 1000, rebalanceTimeoutMs: 10 },
  Produce: { timeoutMs: 5 },
}

let asking: Asking
let connection: WireConnection
let topicId = ''
let offered: readonly (readonly [string, Api, number, number])[] = []

beforeAll(async () => {
  asking = await Asking.start({ partitions: 2 })
  const { apiKeys } = await asking.ask(apiVersions, 0, {})
  offered = apiKeys.flatMap(({ apiKey, minVersion, maxVersion }) => {
    const api = apis.find(({ key }) => key === apiKey)
    return api === undefined ? [] : [[api.name, api, minVersion, maxVersion] as const]
  })
  connection = await asking.connect()
})
afterAll(() => asking.stop())

/** The topic may be gone by now: everything is asked, also to delete it. */
async function withTopic(): Promise<void> {
  const topics = (): readonly { readonly topic: string; readonly topicId: string }[] =>
    asking.cluster.controller?.controller.image.extras?.topicIds ?? []
  if (!topics().some(({ topic }) => topic === 't')) await asking.cluster.createTopic('t', { partitions: 2 })
  topicId = topics().find(({ topic }) => topic === 't')?.topicId ?? ''
}

/** Now and then names and numbers that exist, so that requests get further than the first look-up. */
function seasoned(value: unknown, dice: () => number): unknown {
  if (Array.isArray(value)) return value.map(one => seasoned(one, dice))
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    if (typeof value === 'string' && value.length === 32 && dice() < 0.4) return topicId
    if (typeof value === 'string' && value.length !== 32 && dice() < 0.4) return dice() < 0.7 ? 't' : 'group'
    if (typeof value === 'number' && dice() < 0.4) return Math.floor(dice() * 4) - 1
    return value
  }
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, seasoned(of, dice)]))
}

describe('any request', () => {
  test('there are APIs', () => expect(offered.length).toBe(34))

  test('is answered in every version that is offered', async () => {
    const unanswered: string[] = []
    for (const [name, api, from, to] of offered) {
      await withTopic()
      for (let version = from; version <= to; version++) {
        const bodies = fc.sample(messages(api.request, version), { seed: version, numRuns: 12 })
        for (const [index, body] of bodies.entries()) {
          let state = version * 100 + index
          const dice = (): number => {
            state = (state * 16_807) % 2_147_483_647
            return state / 2_147_483_647
          }
          const asked = { ...(seasoned(body, dice) as object), ...bounds[name] }
          const isSilent = name === 'Produce' && (asked as { acks: number }).acks === 0
          if (connection.isClosed) connection = await asking.connect()
          if (isSilent) {
            // An error would close this connection.
            tellOn(await asking.connect(), api, version, asked)
            continue
          }
          const answer: unknown = await askOn(connection, api, version, asked, 8000).catch((error: Error) => {
            unanswered.push(`${name} ${version}: ${error.message} ${JSON.stringify(asked).slice(0, 400)}`)
          })
          // There are no quotas: nobody is ever told to slow down.
          expect((answer as { throttleTimeMs?: number } | undefined)?.throttleTimeMs ?? 0).toBe(0)
        }
      }
    }
    expect(asking.said.filter(said => said.includes('error of'))).toEqual([])
    expect(unanswered).toEqual([])
    expect(asking.cluster.broker(1)?.isReady).toBe(true)
  }, 60_000)
})
