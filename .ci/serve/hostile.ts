// Clients that mean harm, each in its own way. None of them knows what it is answered.
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { produceBody } from '../../impl/host/testing/wire-client.ts'
import { fetch } from '../../impl/wire/apis/fetch.ts'
import { listOffsets } from '../../impl/wire/apis/list-offsets.ts'
import { metadata } from '../../impl/wire/apis/metadata.ts'
import { produce } from '../../impl/wire/apis/produce.ts'
import { encodeRequest } from '../../impl/wire/frames.ts'
import { defaultsOf } from '../../impl/wire/schema.ts'
import type { Dice } from './dice.ts'
import { type HostileBatches, noise } from './hostile-batches.ts'
import { ground, type HostileFrames, sized } from './hostile-frames.ts'

const rememberedFrames = 400
const http = Buffer.from('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')
const tls = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])

/** How often each kind of harm was done, and what was sent last. */
export class Hostile {
  readonly counts = { frames: 0, bytes: 0, received: 0, connections: 0, refused: 0, batches: 0, bombs: 0, floods: 0 }
  /** The newest last: for when the broker dies of one of them. */
  readonly recent: string[] = []
  readonly #addresses: readonly string[]
  readonly #dice: Dice
  readonly #frames: HostileFrames
  readonly #batches: HostileBatches
  readonly #sockets = new Set<Socket>()
  #signal: AbortSignal = AbortSignal.abort()

  constructor(addresses: readonly string[], dice: Dice, frames: HostileFrames, batches: HostileBatches) {
    this.#addresses = addresses
    this.#dice = dice
    this.#frames = frames
    this.#batches = batches
  }

  /** Does all kinds of harm at once until the signal, and closes everything. */
  async run(signal: AbortSignal): Promise<void> {
    this.#signal = signal
    const kinds = [
      ...Array.from({ length: 4 }, () => () => this.#frame()),
      () => this.#batch(),
      () => this.#batch(),
      () => this.#bomb(),
      () => this.#nonsense(),
      () => this.#silence(),
      () => this.#slowly(),
      () => this.#comeAndGo(),
      () => this.#flood(),
      () => this.#size(),
    ]
    await Promise.all(kinds.map(kind => this.#again(kind)))
    for (const socket of this.#sockets) socket.destroy()
  }

  async #again(kind: () => Promise<void>): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        await kind()
      } catch {
        // It was refused, which is what should happen to it.
        this.counts.refused++
      }
      await pause(this.#dice.between(1, 30))
    }
  }

  /** Frames one after the other on one connection, until it is closed on us; what is answered is read. */
  async #frame(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    for (let left = this.#dice.between(1, 60); left > 0 && !this.#isOver(socket); left--) {
      const frame = this.#dice.chance(0.75) ? this.#frames.valid() : this.#frames.mutated()
      if (!this.#frames.asksForMuch(frame)) this.#write(socket, 'frame', sized(frame))
      await pause(this.#dice.chance(0.7) ? 0 : this.#dice.between(1, 8))
    }
    await this.#close(socket)
  }

  /** Batches for topics that are there, good ones and bad ones, and questions that make the broker look into them. */
  async #batch(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    for (let left = this.#dice.between(1, 40); left > 0 && !this.#isOver(socket); left--) {
      this.counts.batches++
      this.#write(socket, 'batch', this.#produce(this.#batches.batch()))
      if (this.#dice.chance(0.2)) this.#write(socket, 'time', this.#timeQuestion())
      await pause(this.#dice.between(0, 5))
    }
    await this.#close(socket)
  }

  /** A few bytes that want to be very many. Several at once, but not for ever: each costs the broker honest work. */
  async #bomb(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    for (let left = this.#dice.between(1, 12); left > 0; left--) {
      this.counts.bombs++
      this.#write(socket, 'bomb', this.#produce(this.#batches.bomb()))
    }
    if (this.#dice.chance(0.3)) this.#write(socket, 'time', this.#timeQuestion())
    await pause(this.#dice.between(200, 2000))
    await this.#close(socket)
  }

  async #nonsense(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    const what = this.#dice.pick([http, tls, noise(this.#dice, this.#dice.between(1, 2000)), Buffer.alloc(70_000)])
    this.#write(socket, 'nonsense', Buffer.from(what))
    await pause(this.#dice.between(0, 50))
    await this.#close(socket)
  }

  /** Half a frame, and then nothing for a while. */
  async #silence(): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => this.#open()))
    for (const socket of sockets) {
      const whole = sized(this.#frames.valid(), this.#dice.pick([100, 5000, 1_000_000, 100_000_000]))
      this.#write(socket, 'half', whole.subarray(0, this.#dice.below(whole.length)))
    }
    await pause(this.#dice.between(500, 4000))
    for (const socket of sockets) socket.destroy()
  }

  /** A frame byte by byte. */
  async #slowly(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    const frame = this.#frames.valid()
    if (this.#frames.asksForMuch(frame)) {
      socket.destroy()
      return
    }
    for (const byte of sized(frame).subarray(0, 400)) {
      if (this.#isOver(socket)) break
      this.#write(socket, 'byte', Buffer.from([byte]))
      await pause(4)
    }
    await this.#close(socket)
  }

  async #comeAndGo(): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: this.#dice.between(10, 120) }, () => this.#open()))
    if (this.#dice.chance(0.5)) for (const socket of sockets) this.#write(socket, 'one byte', Buffer.from([0]))
    for (const socket of sockets) {
      if (this.#dice.chance(0.5)) socket.destroy()
      else socket.end()
    }
    await pause(this.#dice.between(50, 300))
  }

  /** Thousands of requests in one go, and nobody who reads the answers. */
  async #flood(): Promise<void> {
    const socket = await this.#open()
    socket.pause()
    this.counts.floods++
    const one = this.#dice.pick([
      sizedRequest(
        encodeRequest(metadata, 12, 1, 'flood', {
          ...defaultsOf(metadata.request),
          topics: null,
          allowAutoTopicCreation: false,
        }),
      ),
      sizedRequest(encodeRequest(fetch, 12, 2, 'flood', this.#fetchAll())),
      this.#timeQuestion(),
      this.#produce(this.#batches.batch()),
    ])
    const many = Buffer.concat(Array.from({ length: 500 }, () => one))
    for (let left = 20; left > 0 && !this.#isOver(socket); left--) {
      this.#write(socket, 'flood', many)
      await pause(this.#dice.between(10, 100))
    }
    await pause(this.#dice.between(0, 2000))
    socket.destroy()
  }

  /** Enormous and impossible sizes, some with much behind them. */
  async #size(): Promise<void> {
    const socket = await this.#open()
    socket.resume()
    const size = this.#dice.pick([0x7fff_ffff, -1, -0x8000_0000, 104_857_601, 104_857_600, 50_000_000, 0, 3])
    this.#write(socket, 'size', sized(noise(this.#dice, this.#dice.below(300)), size))
    if (size > 0 && this.#dice.chance(0.3)) {
      const piece = Buffer.alloc(1_000_000)
      for (let left = this.#dice.between(1, 20); left > 0 && !this.#isOver(socket); left--) {
        this.#write(socket, 'much', piece)
        await pause(5)
      }
    }
    await pause(this.#dice.between(0, 300))
    await this.#close(socket)
  }

  #produce(batch: Uint8Array): Buffer {
    const body = produceBody(this.#dice.pick(ground.topics), this.#dice.below(2), batch, this.#dice.between(0, 2000))
    return sizedRequest(encodeRequest(produce, 12, 3, 'fuzz', { ...body, acks: this.#dice.pick([-1, 0, 1]) }))
  }

  #timeQuestion(): Buffer {
    const timestamp = this.#dice.pick([0, Date.now() - this.#dice.below(20_000), 2 ** 39, -3])
    const row = (partitionIndex: number) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })
    const topics = ground.topics.map(name => ({ name, partitions: [row(0), row(1)] }))
    return sizedRequest(
      encodeRequest(listOffsets, 7, 4, 'fuzz', { ...defaultsOf(listOffsets.request), replicaId: -1, topics }),
    )
  }

  #fetchAll() {
    const rest = {
      currentLeaderEpoch: -1,
      lastFetchedEpoch: -1,
      logStartOffset: -1,
      replicaDirectoryId: '',
      highWatermark: 0,
    }
    const row = (partition: number) => ({ ...rest, partition, fetchOffset: 0, partitionMaxBytes: 1_000_000 })
    const topics = ground.topics.map(topic => ({ topic, topicId: '', partitions: [row(0), row(1)] }))
    return { ...defaultsOf(fetch.request), maxWaitMs: 10, minBytes: 0, maxBytes: 8_000_000, topics }
  }

  async #open(): Promise<Socket> {
    this.counts.connections++
    const [host = '', port = '0'] = this.#dice.pick(this.#addresses).split(':')
    const socket = connect({ host, port: Number(port) })
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', chunk => {
      this.counts.received += chunk.length
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('closed')))
    })
    socket.on('error', () => {})
    return socket
  }

  #write(socket: Socket, what: string, bytes: Buffer): void {
    this.counts.frames++
    this.counts.bytes += bytes.length
    const last = this.recent.push(
      `${socket.localPort} ${what} ${bytes.length} ${bytes.subarray(0, 400).toString('hex')}`,
    )
    if (last > 2 * rememberedFrames) this.recent.splice(0, rememberedFrames)
    if (!socket.destroyed) socket.write(bytes)
  }

  #isOver(socket: Socket): boolean {
    return this.#signal.aborted || socket.destroyed
  }

  /** Politely in half of the cases, and with answers under way in the others. */
  async #close(socket: Socket): Promise<void> {
    if (this.#dice.chance(0.5)) {
      socket.end()
      await pause(this.#dice.between(0, 20))
    }
    socket.destroy()
  }
}

function sizedRequest(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks)
}
