// The disk port on real files. A write is one system call into the page cache, so that it outlives the process; syncs
// run in the background on Node's thread pool and are reported on the event loop.
//
// A file that is created, renamed or removed is durable only when its folder is synced too, so each of these does that.
// Nothing is synced for what is thrown away at the end: there every sync is asked for and done at once.
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import type { Bytes } from '../../model/vocabulary/units.ts'
import { type Disk, DiskFailure, type DiskFile } from '../ports/disk.ts'
import { takeReadBuffer } from './read-buffers.ts'

/** Errors that mean that the disk, and not the caller, is at its end: an append is cut short there. */
const refusals = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'])
/** How the name of a file ends that is to replace another; a kill may leave it behind. */
const leftOver = '.tmp'

/** Files below one folder of the host. */
export class HostDisk implements Disk {
  readonly #root: string
  readonly #report: (problem: string) => void
  readonly #isThrownAway: boolean

  /**
   * Keeps its files below `root`, which is created when absent. `report` is told why a write or a sync failed. What
   * `isThrownAway` at the end is never synced.
   */
  constructor(root: string, report: (problem: string) => void = () => {}, isThrownAway = false) {
    this.#root = root
    this.#report = report
    this.#isThrownAway = isThrownAway
    attempt('create', root, () => fs.mkdirSync(root, { recursive: true }))
  }

  /** Opens a file for appending and reading. */
  open(name: string): DiskFile {
    const path = this.#path(name)
    const open = (): number => fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT)
    return attempt('open', path, () => {
      if (fs.existsSync(path)) return new HostFile(path, open(), this.#report, this.#isThrownAway)
      this.#makeFolder(dirname(path))
      const file = new HostFile(path, open(), this.#report, this.#isThrownAway)
      this.#syncFolder(dirname(path))
      return file
    })
  }

  /** The whole file, or null. */
  readWhole(name: string): Uint8Array | null {
    const path = this.#path(name)
    return attempt('read', path, () => orAbsent(() => fs.readFileSync(path), null))
  }

  /** Writes a temporary file, syncs it, renames it over the old one, and syncs the folder. */
  writeAtomic(name: string, bytes: Uint8Array): void {
    const path = this.#path(name)
    attempt('write', path, () => {
      this.#makeFolder(dirname(path))
      this.#replace(path, bytes, !this.#isThrownAway)
      this.#syncFolder(dirname(path))
    })
  }

  /** Writes a temporary file and renames it over the old one. */
  writeHint(name: string, bytes: Uint8Array): void {
    const path = this.#path(name)
    attempt('write', path, () => {
      this.#makeFolder(dirname(path))
      this.#replace(path, bytes, false)
    })
  }

  /** Renames within a folder, over an existing file too. */
  rename(from: string, to: string): void {
    attempt('rename', this.#path(from), () => {
      fs.renameSync(this.#path(from), this.#path(to))
      this.#syncFolder(dirname(this.#path(to)))
    })
  }

  /** Removes files in order, and syncs their folder once. */
  remove(names: readonly string[]): void {
    const folders = new Set<string>()
    for (const name of names) {
      const path = this.#path(name)
      const wasThere = attempt('remove', path, () => orAbsent(() => unlinked(path), false))
      if (wasThere) folders.add(dirname(path))
    }
    for (const folder of folders) attempt('sync', folder, () => this.#syncFolder(folder))
  }

  /** Names in a folder, sorted; left-overs of interrupted atomic writes are not files. */
  list(folder: string): readonly string[] {
    const path = this.#path(folder)
    const names = attempt('list', path, () => orAbsent(() => fs.readdirSync(path), []))
    return names
      .filter(name => !name.endsWith(leftOver))
      .sort()
      .map(name => `${folder}/${name}`)
  }

  /** The names of the folders, in no order. */
  folders(): readonly string[] {
    const entries = attempt('list', this.#root, () => fs.readdirSync(this.#root, { withFileTypes: true }))
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  }

  /** Removes a folder in which no files are left, but for those of interrupted atomic writes; nothing when it is absent. */
  removeFolder(name: string): void {
    const path = this.#path(name)
    attempt('remove', path, () => {
      for (const inside of orAbsent(() => fs.readdirSync(path), [])) {
        if (inside.endsWith(leftOver)) fs.unlinkSync(join(path, inside))
      }
      orAbsent(() => fs.rmdirSync(path), undefined)
    })
    attempt('sync', this.#root, () => this.#syncFolder(this.#root))
  }

  #replace(path: string, bytes: Uint8Array, isSynced: boolean): void {
    // Always the same name, so that what a kill left of one is overwritten by the next.
    const temporary = `${path}${leftOver}`
    fs.writeFileSync(temporary, bytes, { flush: isSynced })
    fs.renameSync(temporary, path)
  }

  #syncFolder(path: string): void {
    if (!this.#isThrownAway) syncFolder(path)
  }

  #path(name: string): string {
    return join(this.#root, name)
  }

  #makeFolder(path: string): void {
    if (fs.mkdirSync(path, { recursive: true }) !== undefined) this.#syncFolder(dirname(path))
  }
}

/** An open file. It stays open until its outstanding syncs are done. */
class HostFile implements DiskFile {
  readonly #path: string
  readonly #descriptor: number
  readonly #report: (problem: string) => void
  readonly #isThrownAway: boolean
  #size: Bytes
  #outstandingSyncs = 0
  #isClosed = false

  constructor(path: string, descriptor: number, report: (problem: string) => void, isThrownAway: boolean) {
    this.#path = path
    this.#descriptor = descriptor
    this.#report = report
    this.#isThrownAway = isThrownAway
    this.#size = fs.fstatSync(descriptor).size
  }

  get size(): Bytes {
    return this.#size
  }

  append(bytes: Uint8Array): Bytes {
    let taken = 0
    while (taken < bytes.length) {
      try {
        // A full disk first takes what fits, and refuses the next write.
        taken += fs.writeSync(this.#descriptor, bytes, taken, bytes.length - taken, this.#size + taken)
      } catch (error) {
        if (!refusals.has(codeOf(error))) throw error
        this.#report(`${this.#path} took ${taken} of ${bytes.length} bytes: ${messageOf(error)}`)
        break
      }
    }
    this.#size += taken
    return taken
  }

  read(position: Bytes, length: Bytes): Uint8Array {
    const bytes = takeReadBuffer(Math.max(0, Math.min(length, this.#size - position)))
    let read = 0
    while (read < bytes.length) {
      const count = attempt('read', this.#path, () =>
        fs.readSync(this.#descriptor, bytes, read, bytes.length - read, position + read),
      )
      if (count === 0) break
      read += count
    }
    return read === bytes.length ? bytes : bytes.subarray(0, read)
  }

  truncate(size: Bytes): void {
    attempt('truncate', this.#path, () => {
      fs.ftruncateSync(this.#descriptor, size)
      if (!this.#isThrownAway) fs.fsyncSync(this.#descriptor)
    })
    this.#size = size
  }

  sync(done: (durable: boolean) => void): void {
    this.#outstandingSyncs++
    const completed = (error: Error | null): void => {
      this.#outstandingSyncs--
      if (error !== null) this.#report(`cannot sync ${this.#path}: ${messageOf(error)}`)
      if (this.#isClosed && this.#outstandingSyncs === 0) fs.closeSync(this.#descriptor)
      done(error === null)
    }
    if (this.#isThrownAway) setImmediate(() => completed(null))
    else fs.fdatasync(this.#descriptor, completed)
  }

  syncNow(): void {
    if (!this.#isThrownAway) attempt('sync', this.#path, () => fs.fdatasyncSync(this.#descriptor))
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#outstandingSyncs === 0) fs.closeSync(this.#descriptor)
  }
}

/** Does what a disk may refuse. */
function attempt<Result>(verb: string, path: string, step: () => Result): Result {
  try {
    return step()
  } catch (error) {
    throw new DiskFailure(`cannot ${verb} ${path}: ${messageOf(error)}`, { cause: error })
  }
}

function orAbsent<Result, Absent>(step: () => Result, absent: Absent): Result | Absent {
  try {
    return step()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent
    throw error
  }
}

function unlinked(path: string): true {
  fs.unlinkSync(path)
  return true
}

function syncFolder(path: string): void {
  // Windows has no such thing as syncing a folder.
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
