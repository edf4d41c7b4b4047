// Where a broker keeps its logs: a disk for each replica, and on it the settings with which the log was begun.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Log } from '../log/log.ts'
import { openLog } from '../log/open.ts'
import type { Decompress } from '../ports/compression.ts'
import type { Disk } from '../ports/disk.ts'

/** The disks of one broker. They outlive its process. */
export interface Storage {
  /** The replicas that have a disk, in no order. */
  list(): readonly TopicPartition[]
  /** The disk of a replica; an empty one when there was none. */
  disk(topic: string, partition: PartitionIndex): Disk
  /** Undoes what producers compressed; absent where nobody compresses. */
  readonly decompress?: Decompress
}

const formatVersion = 1

/** Opens the log of a replica that the broker had before, with the settings that it had. */
export function openKnownLog(storage: Storage, topic: string, partition: PartitionIndex): Log {
  const folder = folderOf(topic, partition)
  const disk = storage.disk(topic, partition)
  const bytes = disk.readWhole(settingsFile(folder))
  if (bytes === null) throw new Error(`the log ${folder} has lost its settings`)
  const { version, config } = JSON.parse(new TextDecoder().decode(bytes)) as Settings
  if (version !== formatVersion) throw new Error(`the settings of ${folder} have version ${version}`)
  return openLog(disk, folder, config, storage.decompress)
}

/** Begins an empty log. */
export function beginLog(storage: Storage, topic: string, partition: PartitionIndex, config: LogConfig): Log {
  const folder = folderOf(topic, partition)
  const disk = storage.disk(topic, partition)
  const settings: Settings = { version: formatVersion, config }
  disk.writeAtomic(settingsFile(folder), new TextEncoder().encode(JSON.stringify(settings)))
  return openLog(disk, folder, config, storage.decompress)
}

type Settings = { readonly version: number; readonly config: LogConfig }

function folderOf(topic: string, partition: PartitionIndex): string {
  return `${topic}-${partition}`
}

function settingsFile(folder: string): string {
  return `${folder}/topic-settings`
}
