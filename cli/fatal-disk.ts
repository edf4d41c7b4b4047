// A disk that ends its own process with SIGKILL at a chosen call: before it, after it, or with half of the bytes written.
// What was written by then is in the page cache, and nothing else of the process is left.

import type { Disk, DiskFile } from '../impl/ports/disk.ts'
import type { Bytes } from '../model/vocabulary/units.ts'

/** Which call that changes the disk is the last one, counted from 0, and how far it gets. */
export type Death = { readonly call: number; readonly moment: 'before' | 'half' | 'after' }

/** The disk given, until death. */
export class FatalDisk implements Disk {
  readonly #disk: Disk
  readonly #death: Death
  #calls = 0

  constructor(disk: Disk, death: Death) {
    this.#disk = disk
    this.#death = death
  }

  open(name: string): DiskFile {
    const file = this.#change(() => this.#disk.open(name))
    const change = <Result>(step: () => Result): Result => this.#change(step)
    return {
      get size(): Bytes {
        return file.size
      },
      append: bytes =>
        this.#change(
          () => file.append(bytes),
          () => file.append(bytes.subarray(0, bytes.length >> 1)),
        ),
      read: (position, length) => file.read(position, length),
      truncate: size => change(() => file.truncate(size)),
      sync: done => file.sync(done),
      syncNow: () => change(() => file.syncNow()),
      close: () => file.close(),
    }
  }

  readWhole(name: string): Uint8Array | null {
    return this.#disk.readWhole(name)
  }

  writeAtomic(name: string, bytes: Uint8Array): void {
    this.#change(() => this.#disk.writeAtomic(name, bytes))
  }

  writeHint(name: string, bytes: Uint8Array): void {
    this.#change(() => this.#disk.writeHint(name, bytes))
  }

  rename(from: string, to: string): void {
    this.#change(() => this.#disk.rename(from, to))
  }

  remove(names: readonly string[]): void {
    this.#change(
      () => this.#disk.remove(names),
      () => this.#disk.remove(names.slice(0, names.length >> 1)),
    )
  }

  list(folder: string): readonly string[] {
    return this.#disk.list(folder)
  }

  #change<Result>(step: () => Result, half: () => unknown = () => {}): Result {
    const isLast = this.#calls++ === this.#death.call
    if (isLast && this.#death.moment === 'before') die()
    if (isLast && this.#death.moment === 'half') {
      half()
      die()
    }
    const result = step()
    if (isLast) die()
    return result
  }
}

/** SIGKILL to oneself is delivered before the call returns: no handler, no flush, no goodbye. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive after SIGKILL')
}
