// Damage that is done between a kill and a start, so that a check that cannot fail is noticed.
//
// Every replica is damaged in the same way: one alone would be mended by the others, and rightly so.
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { viewOf } from '../../impl/log/batch.ts'
import { crc32c } from '../../impl/log/crc32c.ts'
import type { Book } from './book.ts'
import { rowsOf } from './read-log.ts'
import { replicaFolder, segmentsOf } from './replica-files.ts'
import { sentOf } from './verify-log.ts'

const brokers = [1, 2, 3]
const indexHeaderBytes = 16
const indexEntryBytes = 24

/** What can be planted, how the check must call it, and whether the files hold yet what is to be damaged. */
export const plants = {
  'lose-batch': { damage: loseBatch, expected: /^lost: /, hasPrey: () => true },
  'group-offset': { damage: loseGroupOffsets, expected: /^group offset: /, hasPrey: () => true },
  index: { damage: (data: string) => shiftIndex(data, 8), expected: /index/, hasPrey: hasIndexes },
  'time-index': { damage: (data: string) => shiftIndex(data, 16), expected: /index/, hasPrey: hasIndexes },
  // The second epoch comes with the second start.
  'epoch-cache': { damage: shiftEpoch, expected: /epoch cache/, hasPrey: () => true },
  'forget-topic': { damage: forgetTopic, expected: /was created and is not there/, hasPrey: () => true },
} as const

export type Plant = keyof typeof plants

/** Cuts the last acknowledged batch, and what follows it, from every replica of one partition. */
function loseBatch(data: string, book: Book): string {
  for (const partition of [0, 1, 2]) {
    const cuts = brokers.map(broker => {
      const folder = replicaFolder(data, broker, 'plain', partition)
      const path = join(folder, segmentsOf(folder).at(-1) ?? '')
      const bytes = readFileSync(path)
      let at = 0
      let cut = -1
      for (const row of rowsOf(bytes.subarray(0, wholeEnd(bytes)))) {
        if ((sentOf(row, book)?.acknowledged ?? -1) !== -1) cut = at
        at += row.bytes.length
      }
      return { path, cut }
    })
    if (cuts.some(({ cut }) => cut === -1)) continue
    for (const { path, cut } of cuts) truncateSync(path, cut)
    return `the end of plain-${partition} from its last acknowledged batch on`
  }
  throw new Error('no active segment of plain holds anything that was acknowledged')
}

/** Cuts the last three quarters of what the first group's coordinator wrote. */
function loseGroupOffsets(data: string): string {
  let lost = 0
  for (let partition = 0; partition < 8; partition++) {
    for (const broker of brokers) {
      const folder = replicaFolder(data, broker, '__consumer_offsets', partition)
      const path = join(folder, segmentsOf(folder).at(-1) ?? '')
      const bytes = readFileSync(path)
      const rows = rowsOf(bytes.subarray(0, wholeEnd(bytes)))
      const kept = rows.slice(0, Math.floor(rows.length / 4)).reduce((sum, row) => sum + row.bytes.length, 0)
      truncateSync(path, kept)
      lost += rows.length
    }
  }
  if (lost === 0) throw new Error('no group has committed anything')
  return 'three quarters of every log of group offsets'
}

/** Each replica of plain has rolled a segment, whose index was written then and has entries. */
function hasIndexes(data: string): boolean {
  return brokers.every(broker => {
    const paths = indexesOf(data, broker)
    return paths.some(path => statSync(path).size > indexHeaderBytes)
  })
}

function indexesOf(data: string, broker: number): readonly string[] {
  return [0, 1, 2].flatMap(partition => {
    const folder = replicaFolder(data, broker, 'plain', partition)
    const paths = segmentsOf(folder).map(name => join(folder, name.replace(/log$/, 'index')))
    return paths.filter(path => existsSync(path))
  })
}

/** Adds to a field of each entry of each index file, and makes its checksum fit. */
function shiftIndex(data: string, field: number): string {
  let changed = 0
  for (const path of brokers.flatMap(broker => indexesOf(data, broker))) {
    const bytes = new Uint8Array(readFileSync(path))
    const view = viewOf(bytes)
    for (let at = indexHeaderBytes; at < bytes.length; at += indexEntryBytes) {
      view.setFloat64(at + field, view.getFloat64(at + field) - (field === 8 ? 7 : 250))
      changed++
    }
    view.setUint32(0, crc32c(bytes, 4))
    writeFileSync(path, bytes)
  }
  if (changed === 0) throw new Error('plain has no index entries yet')
  return `${changed} index entries of plain`
}

/** Moves the beginning of each epoch but the first by one offset. */
function shiftEpoch(data: string): string {
  let changed = 0
  for (const broker of brokers) {
    for (const partition of [0, 1, 2]) {
      const path = join(replicaFolder(data, broker, 'plain', partition), 'leader-epoch-checkpoint')
      const [version, count, ...entries] = readFileSync(path, 'utf8').trim().split('\n')
      const moved = entries.map((entry, index) => {
        const [epoch, start] = entry.split(' ').map(Number)
        return index === 0 ? entry : `${epoch} ${(start ?? 0) - 1}`
      })
      if (entries.length > 1) changed++
      writeFileSync(path, `${[version, count, ...moved].join('\n')}\n`)
    }
  }
  if (changed === 0) throw new Error('plain has had one epoch only')
  return `${changed} epoch caches of plain`
}

/** Cuts the controller's memory where a topic that was acknowledged begins. */
function forgetTopic(data: string, book: Book): string {
  const path = join(data, 'controller/controller/decisions.log')
  const bytes = readFileSync(path)
  const topic = [...book.topics.values()].findLast(({ exists }) => exists === 'yes')?.topic
  if (topic === undefined) throw new Error('no topic was made')
  const view = viewOf(bytes)
  for (let at = 0; at < bytes.length; at += 8 + view.getUint32(at)) {
    if (!bytes.subarray(at, at + 8 + view.getUint32(at)).includes(`"${topic}"`)) continue
    truncateSync(path, at)
    return `what the controller knew since ${topic} was created`
  }
  throw new Error(`the controller's memory does not hold ${topic}`)
}

function wholeEnd(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  let end = 0
  while (end + 61 <= bytes.length) {
    const size = 12 + view.getInt32(end + 8)
    if (size < 61 || end + size > bytes.length) break
    end += size
  }
  return end
}
