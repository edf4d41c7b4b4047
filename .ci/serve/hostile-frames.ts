// Requests of every API and version, and what can be done to their bytes.
import fc from 'fast-check'
import { apis } from '../../impl/wire/apis.ts'
import { type ApiVersion, messages, versionsOf } from '../../impl/wire/arbitraries.ts'
import { decodeRequestBody, encodeRequest, readRequestHeader } from '../../impl/wire/frames.ts'
import type { Dice } from './dice.ts'
import type { HostileBatches } from './hostile-batches.ts'

/** Names that exist, so that requests get further than to their names. */
export const ground = { topics: ['fuzz-plain', 'fuzz-compacted'], groups: ['fuzz-a', 'fuzz-b'] } as const

/** Of an id in hex: only that long does the codec take it. */
const idLength = 32
const bodiesAtATime = 12
const partitionsMax = 20
/** The broker refuses more by itself. */
const partitionsRefused = 10_000
const lengths = [0x7fff_ffff, -1, -0x8000_0000, 0x7fff, 0x00ff_ffff, 1, 0].map(int32)
const compactLengths = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x80, 0x80, 0x80, 0x01],
  [0x00],
]

/** An endless supply of frames, without their sizes. */
export class HostileFrames {
  readonly #dice: Dice
  readonly #batches: HostileBatches
  readonly #versions: readonly ApiVersion[] = versionsOf(apis)
  readonly #bodies = new Map<ApiVersion, Record<string, unknown>[]>()

  constructor(dice: Dice, batches: HostileBatches) {
    this.#dice = dice
    this.#batches = batches
  }

  /** A request that says what a version can say: anything, or something about what is there. */
  valid(of: ApiVersion = this.#dice.pick(this.#versions)): Uint8Array {
    const body = this.#body(of)
    const aimed = this.#dice.chance(0.6) ? (this.#aim(body, '') as Record<string, unknown>) : body
    const clientId = this.#dice.chance(0.01) ? longText(this.#dice) : 'fuzz'
    const frame = encodeRequest(of.api, of.version, this.#dice.below(1000), clientId, aimed)
    return Buffer.concat(frame).subarray(4)
  }

  /** A request that was damaged in one to three ways. */
  mutated(): Uint8Array {
    let frame: Uint8Array = this.valid()
    for (let count = this.#dice.between(1, 3); count > 0; count--) frame = this.#mutate(frame)
    return frame
  }

  /** Whether a broker that did what is asked would have more to do than this test is about: create thousands of logs. */
  asksForMuch(frame: Uint8Array): boolean {
    try {
      const { apiKey, apiVersion, bodyAt } = readRequestHeader(frame)
      const api = apis.find(({ key }) => key === apiKey)
      if (api === undefined || bodyAt < 0) return false
      // What these are aimed at is to be there for the others most of the time.
      if (api.name === 'DeleteTopics' && !this.#dice.chance(0.03)) return true
      const body = decodeRequestBody(api, apiVersion, frame, bodyAt, 'ignored')
      return JSON.stringify(body, (name, value: unknown) =>
        (name === 'numPartitions' || name === 'count') &&
        typeof value === 'number' &&
        value > partitionsMax &&
        value <= partitionsRefused
          ? 'MUCH'
          : value,
      ).includes('MUCH')
    } catch {
      return false
    }
  }

  #body(of: ApiVersion): Record<string, unknown> {
    let bodies = this.#bodies.get(of)
    if (bodies === undefined || bodies.length === 0) {
      bodies = fc.sample(messages(of.api.request, of.version), {
        numRuns: bodiesAtATime,
        seed: this.#dice.below(2 ** 31),
      })
      this.#bodies.set(of, bodies)
    }
    return bodies.pop() ?? {}
  }

  /** The same, with names, numbers and batches in it that mean something to the broker. */
  #aim(value: unknown, name: string): unknown {
    const dice = this.#dice
    if (value instanceof Uint8Array) return name === 'records' ? this.#batches.batch() : value
    if (Array.isArray(value)) return value.map(one => this.#aim(one, name))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#aim(one, key)]))
    }
    if (dice.chance(0.1)) return value
    if (typeof value === 'string' && value.length !== idLength && dice.chance(0.02)) return longText(dice)
    if (/^(name|topic|topics|topicNames|resourceName)$/.test(name) && typeof value === 'string')
      return dice.pick(ground.topics)
    if (/^(groupId|groups|groupsNames|key|coordinatorKeys)$/.test(name) && typeof value === 'string')
      return dice.pick(ground.groups)
    if (
      /^(partition|partitionIndex|index|partitionIndexes|partitions|partitionId)$/.test(name) &&
      typeof value === 'number'
    )
      return dice.below(2)
    if (/(TimeoutMs|maxWaitMs)$/.test(name)) return dice.between(0, 3000)
    if (
      /(Epoch|Offset|timestamp|minBytes|acks|sessionId|generationId|replicaId)/.test(name) &&
      typeof value === 'number'
    ) {
      return dice.pick([-1, 0, 1, value, dice.below(100)])
    }
    if (name === 'transactionalId') return null
    return value
  }

  #mutate(frame: Uint8Array): Uint8Array {
    const dice = this.#dice
    const at = dice.below(frame.length + 1)
    const cut = (bytes: Uint8Array, skip = 0): Uint8Array =>
      Buffer.concat([frame.subarray(0, at), bytes, frame.subarray(at + skip)])
    const kind = dice.pick([
      'flip',
      'truncate',
      'length',
      'compactLength',
      'splice',
      'insert',
      'header',
      'grow',
    ] as const)
    switch (kind) {
      case 'flip': {
        const flipped = Uint8Array.from(frame)
        const index = Math.min(at, flipped.length - 1)
        if (index >= 0) flipped[index] = (flipped[index] ?? 0) ^ (1 << dice.below(8))
        return flipped
      }
      case 'truncate':
        return frame.subarray(0, at)
      case 'length': {
        const length = dice.pick(lengths)
        return cut(length, length.length)
      }
      case 'compactLength': {
        const length = Uint8Array.from(dice.pick(compactLengths))
        return cut(length, length.length)
      }
      case 'splice': {
        const other = this.valid()
        return cut(other.subarray(dice.below(other.length)))
      }
      case 'insert':
        return cut(Uint8Array.from({ length: dice.between(1, 9) }, () => dice.below(256)))
      case 'header': {
        const { api, version } = dice.pick(this.#versions)
        const header = Buffer.alloc(4)
        header.writeInt16BE(dice.chance(0.2) ? dice.between(-5, 100) : api.key)
        header.writeInt16BE(dice.chance(0.2) ? dice.between(-5, 30) : version, 2)
        return Buffer.concat([header, frame.subarray(4)])
      }
      case 'grow':
        return Buffer.concat([frame, new Uint8Array(dice.below(5000))])
    }
  }
}

/** As long as a string may be, or a little less: what the broker says about it no longer fits into one. */
function longText(dice: Dice): string {
  return 'x'.repeat(0x7fff - dice.below(40))
}

/** A frame with its size before it. */
export function sized(frame: Uint8Array, size = frame.length): Buffer {
  return Buffer.concat([int32(size), frame])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
