// Where a broker keeps its logs: a disk for each replica, and on it what the log was begun for.
//
// A log is removed in an order that survives a kill: first a marker, then everything else, the marker last. A start that
// finds the marker finishes the removal.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Log } from '../log/log.ts'
import { openLog } from '../log/open.ts'
import type { Decompress } from '../ports/compression.ts'
import type { Disk } from '../ports/disk.ts'
import type { TopicId } from '../ports/image.ts'

/** The disks of one broker. They outlive its process. */
export interface Storage {
  /** The replicas that have a disk, in no order. */
  list(): readonly TopicPartition[]
  /** The disk of a replica; an empty one when there was none. */
  disk(topic: string, partition: PartitionIndex): Disk
  /** Undoes what producers compressed; absent where nobody compresses. */
  readonly decompress?: Decompress
  /** Lets go of the disk of a replica, on which no files are left: `list` does not name it any more. */
  forget(topic: string, partition: PartitionIndex): void
}

/** What a log was begun for. Both are null in a cluster whose topics have no ids. */
export type LogOrigin = {
  readonly topicId: TopicId | null
  readonly clusterId: string | null
}

/** A log and where it comes from. */
export type StoredLog = { readonly log: Log; readonly origin: LogOrigin }

type Stored = LogOrigin & { readonly version: number; readonly config: LogConfig }

const formatVersion = 2
const noBytes = new Uint8Array(0)

/**
 * Opens the log of a replica that the broker had before, with the settings that it had; null when it was being removed,
 * which is finished then.
 */
export function openKnownLog(storage: Storage, topic: string, partition: PartitionIndex): StoredLog | null {
  const folder = folderOf(topic, partition)
  const disk = storage.disk(topic, partition)
  const files = disk.list(folder)
  if (files.length === 0 || files.includes(markerFile(folder))) {
    removeFiles(storage, topic, partition)
    return null
  }
  const bytes = disk.readWhole(settingsFile(folder))
  if (bytes === null) throw new Error(`the log ${folder} has lost its settings`)
  const { version, config, topicId, clusterId } = JSON.parse(new TextDecoder().decode(bytes)) as Stored
  if (version !== formatVersion) throw new Error(`the settings of ${folder} have version ${version}`)
  return { log: openLog(disk, folder, config, storage.decompress), origin: { topicId, clusterId } }
}

/** Begins an empty log. */
export function beginLog(
  storage: Storage,
  topic: string,
  partition: PartitionIndex,
  config: LogConfig,
  origin: LogOrigin,
): Log {
  keepSettings(storage, topic, partition, config, origin)
  return openLog(storage.disk(topic, partition), folderOf(topic, partition), config, storage.decompress)
}

/** Lets a log obey other settings, now and after the next start. */
export function configureLog(
  storage: Storage,
  topic: string,
  partition: PartitionIndex,
  config: LogConfig,
  { log, origin }: StoredLog,
): void {
  if (isSameLogConfig(log.config, config)) return
  keepSettings(storage, topic, partition, config, origin)
  log.configure(config)
}

/** Removes a log with all of its files. */
export function removeLog(storage: Storage, topic: string, partition: PartitionIndex, log: Log): void {
  for (const segment of log.segments) segment.close()
  storage.disk(topic, partition).writeAtomic(markerFile(folderOf(topic, partition)), noBytes)
  removeFiles(storage, topic, partition)
}

function removeFiles(storage: Storage, topic: string, partition: PartitionIndex): void {
  const folder = folderOf(topic, partition)
  const disk = storage.disk(topic, partition)
  const marker = markerFile(folder)
  disk.remove(disk.list(folder).filter(name => name !== marker))
  disk.remove([marker])
  storage.forget(topic, partition)
}

function keepSettings(
  storage: Storage,
  topic: string,
  partition: PartitionIndex,
  config: LogConfig,
  origin: LogOrigin,
): void {
  const stored: Stored = { version: formatVersion, config, ...origin }
  const bytes = new TextEncoder().encode(JSON.stringify(stored))
  storage.disk(topic, partition).writeAtomic(settingsFile(folderOf(topic, partition)), bytes)
}

/** Whether a log behaves the same under both. */
export function isSameLogConfig(a: LogConfig, b: LogConfig): boolean {
  return (
    a.segmentBytes === b.segmentBytes &&
    a.indexIntervalBytes === b.indexIntervalBytes &&
    a.maxMessageBytes === b.maxMessageBytes &&
    a.cleanupPolicy === b.cleanupPolicy &&
    a.retentionMs === b.retentionMs &&
    a.retentionBytes === b.retentionBytes &&
    a.deleteRetentionMs === b.deleteRetentionMs
  )
}

function folderOf(topic: string, partition: PartitionIndex): string {
  return `${topic}-${partition}`
}

function settingsFile(folder: string): string {
  return `${folder}/topic-settings`
}

function markerFile(folder: string): string {
  return `${folder}/being-removed`
}
