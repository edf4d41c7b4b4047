// One broker's folder: a folder of files for each replica, and the mark of a clean shutdown.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { BrokerEpoch, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Storage } from '../broker/storage.ts'
import type { Disk } from '../ports/disk.ts'
import { decompress } from './compression.ts'
import { HostDisk } from './disk.ts'

const cleanShutdownFile = 'meta/clean-shutdown'
const replicaFolder = /^(.+)-(\d+)$/

/** The files of one broker. */
export class HostStorage implements Storage {
  readonly folder: string
  readonly decompress = decompress
  readonly #disk: HostDisk

  /** Keeps everything below `folder`. `report` is told what the disk refuses. What is thrown away is never synced. */
  constructor(folder: string, report: (problem: string) => void, isThrownAway: boolean) {
    this.folder = folder
    this.#disk = new HostDisk(folder, report, isThrownAway)
  }

  list(): readonly TopicPartition[] {
    return this.#disk.folders().flatMap(name => {
      const [, topic, partition] = replicaFolder.exec(name) ?? []
      return topic === undefined ? [] : [{ topic, partition: Number(partition) }]
    })
  }

  disk(): Disk {
    return this.#disk
  }

  forget(topic: string, partition: PartitionIndex): void {
    this.#disk.removeFolder(`${topic}-${partition}`)
  }

  /** Leaves the proof of a clean shutdown. */
  markClean(brokerEpoch: BrokerEpoch): void {
    this.#disk.writeAtomic(cleanShutdownFile, new TextEncoder().encode(String(brokerEpoch)))
  }

  /** Takes the proof away and answers it: from now on a kill is a crash. -1 when there was none. */
  takeCleanMark(): BrokerEpoch {
    const bytes = this.#disk.readWhole(cleanShutdownFile)
    if (bytes === null) return -1
    this.#disk.remove([cleanShutdownFile])
    const epoch = Number(new TextDecoder().decode(bytes))
    return Number.isSafeInteger(epoch) ? epoch : -1
  }
}
