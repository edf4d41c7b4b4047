// The disk as the core sees it: one of the only ways out of impl/.
//
// A write reaches the page cache at once, or is cut short; it is durable only after a sync, whose completion is an event
// that comes later. Nothing here waits. Names are relative, with one folder: `t-0/00000000000000000000.log`.
import type { Bytes } from '../../model/vocabulary/units.ts'

/** A file that only grows at its end or is cut. */
export interface DiskFile {
  /** Bytes written, synced or not. */
  readonly size: Bytes
  /** Appends, and answers how many bytes were taken: fewer than given when the disk is full or fails. */
  append(bytes: Uint8Array): Bytes
  /** A copy of `length` bytes from `position`; shorter at the end of the file. */
  read(position: Bytes, length: Bytes): Uint8Array
  /** Cuts the file to `size` bytes; durable at once. */
  truncate(size: Bytes): void
  /** Asks to make durable what is written by now; `done` is called later, with false when the disk failed. */
  sync(done: (durable: boolean) => void): void
  /** Makes durable what is written by now, before it returns. */
  syncNow(): void
  /** Lets go of the file. Outstanding syncs still complete. */
  close(): void
}

/** The files of one broker. Whatever fails here other than an append throws `DiskFailure`. */
export interface Disk {
  /** Opens a file for appending and reading, and creates it (durably, empty) when it is absent. */
  open(name: string): DiskFile
  /** The whole file, or null when it is absent. */
  readWhole(name: string): Uint8Array | null
  /** Replaces a whole file: all or nothing, durable at once. */
  writeAtomic(name: string, bytes: Uint8Array): void
  /**
   * Replaces a whole file for whoever can do without it: it outlives the process at once, and the machine when the system
   * gets round to it. If the machine dies first, the file is as it was before, or empty.
   */
  writeHint(name: string, bytes: Uint8Array): void
  /** Renames a file, over an existing one too; durable at once. */
  rename(from: string, to: string): void
  /** Removes files in the order given, those that are absent left out; durable at once. */
  remove(names: readonly string[]): void
  /** The names of the files in a folder, sorted; none when the folder is absent. */
  list(folder: string): readonly string[]
}

/** The disk refused: the log that meets it goes offline. */
export class DiskFailure extends Error {
  override readonly name = 'DiskFailure'
}
