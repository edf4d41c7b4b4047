// What a controller has kept is there again, whatever happened to the end of its log; and damage is not taken for an end.
import { expect, test } from 'vitest'
import { SimulatedDisk } from '../../properties/simulation/disk.ts'
import { crc32c } from '../log/crc32c.ts'
import type { Decision } from '../ports/decisions.ts'
import { DiskFailure } from '../ports/disk.ts'
import { openDecisions } from './decision-log.ts'

const logFile = 'controller/decisions.log'

test('what was kept is there after a crash that loses everything that was not synced', () => {
  const disk = new SimulatedDisk()
  const { kept, decisions } = openDecisions(disk)
  expect(kept).toBeNull()
  for (const offset of [1, 2, 3]) decisions.keep(decision(offset), () => decision(offset))
  disk.crash({ kind: 'lost' }, 'lost')
  expect(openDecisions(disk).kept).toEqual(whole(3))
})

test('a frame that is torn at any byte is cut, and the next decision takes its place', () => {
  const sizes = [1, 2, 3].map(offset => sizeAfter(offset))
  const [, second = 0, third = 0] = sizes
  for (let size = second; size < third; size++) {
    const disk = written(3)
    disk.open(logFile).truncate(size)
    const { kept, decisions } = openDecisions(disk)
    expect(kept).toEqual(whole(2))
    decisions.keep(decision(3, 'again'), () => decision(3))
    expect(openDecisions(disk).kept?.topics.map(({ topic }) => topic)).toContain('again')
  }
})

test('zeros and noise behind the last frame are cut', () => {
  for (const noise of [new Uint8Array(100), new Uint8Array(7).fill(255), Uint8Array.of(0, 0, 0, 2, 1, 2, 3, 4, 5, 6)]) {
    const disk = written(2)
    disk.open(logFile).append(noise)
    expect(openDecisions(disk).kept).toEqual(whole(2))
    expect(disk.open(logFile).size).toBe(sizeAfter(2))
  }
})

test('a damaged frame with a good one behind it is refused, wherever the damage is', () => {
  const first = sizeAfter(1)
  const second = sizeAfter(2)
  for (let position = first; position < second; position++) {
    const disk = written(3)
    disk.rot(logFile, position)
    expect(() => openDecisions(disk), `byte ${position}`).toThrow(`${logFile} is damaged at byte ${first}`)
  }
})

test('snapshots take the place of the log, and a kill between the two changes nothing', () => {
  const disk = new SimulatedDisk()
  const { decisions } = openDecisions(disk, 1500)
  const sizes: number[] = []
  for (let offset = 1; offset <= 40; offset++) {
    const before = disk.readWhole(logFile) ?? new Uint8Array()
    decisions.keep(decision(offset), () => whole(offset))
    sizes.push(disk.open(logFile).size)
    expect(openDecisions(disk).kept).toEqual(whole(offset))
    if (disk.open(logFile).size > 0) continue
    // As if the old log had not been emptied: the snapshot holds its decisions already.
    const killed = new SimulatedDisk()
    killed.writeAtomic('controller/snapshot', disk.readWhole('controller/snapshot') ?? new Uint8Array())
    killed.open(logFile).append(before)
    expect(openDecisions(killed).kept).toEqual(whole(offset))
  }
  expect(sizes.filter(size => size === 0).length).toBeGreaterThan(1)
  expect(Math.max(...sizes)).toBeLessThan(20_000)
})

test('a full disk is a failure, and what it took of the decision is cut at the next start', () => {
  const disk = written(2)
  const { decisions } = openDecisions(disk)
  disk.fill(50)
  expect(() => decisions.keep(decision(3), () => whole(3))).toThrow(DiskFailure)
  disk.fill(null)
  expect(openDecisions(disk).kept).toEqual(whole(2))
})

test('a version that is not known is refused', () => {
  const disk = new SimulatedDisk()
  const text = JSON.stringify({ version: 2, sequence: 1, decision: decision(1) })
  const content = new TextEncoder().encode(text)
  const frame = new Uint8Array(8 + content.length)
  frame.set(content, 8)
  const view = new DataView(frame.buffer)
  view.setUint32(0, content.length)
  view.setUint32(4, crc32c(content))
  disk.open(logFile).append(frame)
  expect(() => openDecisions(disk)).toThrow('have version 2, and this reads 1 only')
})

/** Each decision adds a topic, and every third removes the one before. */
function decision(offset: number, topic = `t${offset}`): Decision {
  return {
    clusterId: 'c',
    metadataOffset: offset,
    controllerEpoch: 1,
    nextBrokerEpoch: offset,
    nextProducerId: 0,
    removedTopics: removes(offset) ? [`t${offset - 1}`] : [],
    brokers: [{ brokerId: 1, brokerEpoch: offset, fenced: false, registeredAt: offset, claim: null, place: null }],
    topics: [{ topic, topicId: `id ${offset}`, settings: [['retention.ms', '1']] }],
    partitions: [{ ...partition, topic }],
  }
}

/** Everything up to and with a decision. */
function whole(offset: number): Decision {
  const offsets = Array.from({ length: offset }, (_, index) => index + 1)
  const left = offsets.filter(each => each === offset || !removes(each + 1))
  const all = left.map(each => decision(each))
  return {
    ...decision(offset),
    removedTopics: [],
    topics: all.flatMap(({ topics }) => topics),
    partitions: all.flatMap(({ partitions }) => partitions),
  }
}

function removes(offset: number): boolean {
  return offset % 3 === 0
}

const partition = {
  partition: 0,
  replicas: [1],
  leader: 1,
  leaderEpoch: 0,
  inSyncReplicas: [1],
  eligibleLeaderReplicas: [],
  lastKnownLeader: 1,
  partitionEpoch: 0,
  reassignment: null,
}

function written(count: number): SimulatedDisk {
  const disk = new SimulatedDisk()
  const { decisions } = openDecisions(disk)
  for (let offset = 1; offset <= count; offset++) decisions.keep(decision(offset), () => whole(offset))
  return disk
}

function sizeAfter(count: number): number {
  return written(count).open(logFile).size
}
