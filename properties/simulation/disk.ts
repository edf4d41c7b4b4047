// The disk of a simulated broker: files in memory, and every way in which a real disk forgets.
//
// Only the bytes of `.log` files are at risk by their order of writing: a crash keeps all that was not synced, none, or
// the first n bytes. What was written atomically, renamed or removed is durable. Any other file (indexes, half-written
// cleaned segments) a crash keeps, loses or tears as a whole, synced or not, because no result may depend on it.

import type { Disk, DiskFile } from '../../impl/ports/disk.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import type { Bytes } from '../../model/vocabulary/units.ts'
import { Arena } from './arena.ts'

/** Bytes `[from, to)` of one file that were written one after the other. */
type Run = { readonly file: SimulatedFile; from: Bytes; to: Bytes }
type OutstandingSync = { readonly file: SimulatedFile; size: Bytes; readonly done: (durable: boolean) => void }

const noBytes = new Uint8Array(0)

/** A deterministic disk in memory with faults. */
export class SimulatedDisk implements Disk {
  readonly #files = new Map<string, SimulatedFile>()
  /** Where the bytes of small files and of answers come from. */
  readonly arena = new Arena()
  /** Writes to `.log` files in order; runs that are synced are dropped now and then. */
  #runs: Run[] = []
  #runsMax = 64
  #outstanding: OutstandingSync[] = []
  #room: Bytes = Number.POSITIVE_INFINITY

  /** Opens a file, created durably when absent. */
  open(name: string): DiskFile {
    const known = this.#files.get(name)
    if (known !== undefined) return known
    const file = new SimulatedFile(this, name)
    this.#files.set(name, file)
    return file
  }

  /** A copy of the file, or null. */
  readWhole(name: string): Uint8Array | null {
    const file = this.#files.get(name)
    return file === undefined ? null : file.read(0, file.size)
  }

  /** Replaces the file; no crash harms it. */
  writeHint(name: string, bytes: Uint8Array): void {
    this.writeAtomic(name, bytes)
  }

  writeAtomic(name: string, bytes: Uint8Array): void {
    const file = new SimulatedFile(this, name)
    file.keep(bytes)
    this.#files.set(name, file)
  }

  /** Renames, over an existing file too. */
  rename(from: string, to: string): void {
    const file = this.#files.get(from)
    if (file === undefined) throw new Error(`no file ${from} to rename`)
    this.#files.delete(from)
    this.#files.set(to, file)
    file.rename(to)
  }

  /** Removes files. */
  remove(names: readonly string[]): void {
    for (const name of names) this.#files.delete(name)
  }

  /** Names in a folder, sorted. */
  list(folder: string): readonly string[] {
    const names: string[] = []
    for (const name of this.#files.keys()) if (name.startsWith(`${folder}/`)) names.push(name)
    return names.sort()
  }

  /** Leaves room for `bytes` more bytes of `.log` files; null empties the disk again. */
  fill(bytes: Bytes | null): void {
    this.#room = bytes === null ? Number.POSITIVE_INFINITY : Math.max(0, bytes)
  }

  /** Flips the lowest bit of one byte. */
  rot(name: string, position: Bytes): void {
    this.#files.get(name)?.flip(position)
  }

  /** How many syncs are asked for and not completed. */
  get outstandingSyncs(): number {
    return this.#outstanding.length
  }

  /** Completes the oldest `count` outstanding syncs, or all; they cover what was written when they were asked for. */
  completeSyncs(count: number = this.#outstanding.length): void {
    for (const { file, size, done } of this.#outstanding.splice(0, count)) {
      file.markSynced(size)
      done(true)
    }
  }

  /** The process dies. Unsynced bytes are treated as `damage` says, unprotected files as `indexes` says. */
  crash(damage: CrashDamage, indexes: 'kept' | 'lost' | 'torn'): void {
    this.#outstanding = []
    if (damage.kind !== 'kept') this.#loseUnsynced(damage.kind === 'torn' ? Math.max(0, damage.bytes) : 0)
    this.#runs = []
    for (const file of this.#files.values()) {
      if (file.isLog) file.markSynced(file.size)
      else if (indexes === 'lost' && !file.isAtomic) this.#files.delete(file.name)
      else if (indexes === 'torn' && !file.isAtomic) file.truncate(file.size >> 1)
    }
  }

  /** For its files: takes as many bytes as there is room for, and remembers the order. */
  takeRoom(file: SimulatedFile, wanted: Bytes): Bytes {
    if (!file.isLog) return wanted
    const taken = Math.min(wanted, this.#room)
    this.#room -= taken
    const last = this.#runs.at(-1)
    if (last !== undefined && last.file === file && last.to === file.size) last.to += taken
    else this.#addRun({ file, from: file.size, to: file.size + taken })
    return taken
  }

  /** For its files: what is cut off is no longer waited for. */
  forgetBehind(file: SimulatedFile, size: Bytes): void {
    for (const run of this.#runs) {
      if (run.file !== file) continue
      // What is written here again comes later in the order, and grows the last run only if that is this file's.
      run.from = Math.min(run.from, size)
      run.to = Math.min(run.to, size)
    }
    for (const sync of this.#outstanding) if (sync.file === file) sync.size = Math.min(sync.size, size)
  }

  /** For its files. */
  ask(file: SimulatedFile, done: (durable: boolean) => void): void {
    this.#outstanding.push({ file, size: file.size, done })
  }

  #addRun(run: Run): void {
    this.#runs.push(run)
    if (this.#runs.length <= this.#runsMax) return
    this.#runs = this.#runs.filter(({ file, to }) => to > file.synced && this.#files.get(file.name) === file)
    this.#runsMax = Math.max(64, 2 * this.#runs.length)
  }

  #loseUnsynced(kept: Bytes): void {
    const ends = new Map<SimulatedFile, Bytes>()
    let left = kept
    for (const { file, from, to } of this.#runs) {
      const start = Math.max(from, file.synced)
      if (to <= start || this.#files.get(file.name) !== file) continue
      const survived = Math.min(left, to - start)
      left -= survived
      // Runs of one file follow each other, so the first that is cut ends it.
      const end = ends.get(file)
      if (end === undefined || end === start) ends.set(file, start + survived)
    }
    for (const [file, end] of ends) file.truncate(end)
  }
}

/** A growable buffer that knows how much of it is durable. */
class SimulatedFile implements DiskFile {
  #name: string
  #isLog: boolean
  readonly #disk: SimulatedDisk
  #bytes: Uint8Array = noBytes
  #size: Bytes = 0
  #synced: Bytes = 0
  #isAtomic = false

  constructor(disk: SimulatedDisk, name: string) {
    this.#disk = disk
    this.#name = name
    this.#isLog = name.endsWith('.log')
  }

  get name(): string {
    return this.#name
  }

  rename(name: string): void {
    this.#name = name
    this.#isLog = name.endsWith('.log')
  }

  get size(): Bytes {
    return this.#size
  }

  get synced(): Bytes {
    return this.#synced
  }

  get isLog(): boolean {
    return this.#isLog
  }

  get isAtomic(): boolean {
    return this.#isAtomic
  }

  append(bytes: Uint8Array): Bytes {
    const taken = this.#disk.takeRoom(this, bytes.length)
    const size = this.#size + taken
    if (size > this.#bytes.length) {
      const grown = this.#disk.arena.take(Math.max(256, size, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, this.#size))
      this.#bytes = grown
    }
    this.#bytes.set(taken === bytes.length ? bytes : bytes.subarray(0, taken), this.#size)
    this.#size = size
    return taken
  }

  read(position: Bytes, length: Bytes): Uint8Array {
    return this.#disk.arena.copy(this.#bytes, position, Math.min(position + length, this.#size))
  }

  truncate(size: Bytes): void {
    if (size >= this.#size) return
    this.#size = size
    this.#synced = Math.min(this.#synced, size)
    this.#disk.forgetBehind(this, size)
  }

  sync(done: (durable: boolean) => void): void {
    this.#disk.ask(this, done)
  }

  syncNow(): void {
    this.#synced = this.#size
  }

  close(): void {}

  keep(bytes: Uint8Array): void {
    this.#bytes = this.#disk.arena.copy(bytes, 0, bytes.length)
    this.#size = bytes.length
    this.#synced = bytes.length
    this.#isAtomic = true
  }

  markSynced(size: Bytes): void {
    this.#synced = Math.max(this.#synced, Math.min(size, this.#size))
  }

  flip(position: Bytes): void {
    const byte = this.#bytes[position]
    if (byte !== undefined && position < this.#size) this.#bytes[position] = byte ^ 1
  }
}
