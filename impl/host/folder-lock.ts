// Two clusters on one folder would destroy each other's logs: whoever comes second is told so.
//
// A lock is a file with the number of the process that holds it, named `.lock.1`, `.lock.2` and so on. Whoever finds only
// locks of dead processes takes the next number, which only one can, looks again, and then removes the others. A lock of a
// living process is never touched, also not for a moment: taking a stale one away could take a new one away.
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The locks that this process holds: a file with its own number may be of an earlier process with the same one. */
const held = new Set<string>()
const lockName = /^\.lock\.(\d+)$/

type Found = { readonly number: number; readonly path: string }

/** The lock of a folder. One of a dead process counts for nothing. */
export class FolderLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Takes the lock. Throws a sentence when a living process holds it. */
  static take(folder: string): FolderLock {
    // Linked when it is complete: a file that somebody else reads before its number is in it would count for nothing.
    const own = join(folder, `.lock-of-${process.pid}`)
    writeFileSync(own, String(process.pid))
    try {
      for (let tries = 0; tries < 100; tries++) {
        refuseIfHeld(folder)
        const number = Math.max(0, ...locksIn(folder).map(lock => lock.number)) + 1
        const path = join(folder, `.lock.${number}`)
        if (!isLinked(own, path)) continue
        held.add(path)
        return FolderLock.#keep(folder, path)
      }
    } finally {
      rmSync(own, { force: true })
    }
    throw new Error(`cannot lock ${folder}: others take and leave it again and again`)
  }

  /** Two may have taken numbers at once, one of them having looked long ago: each looks again, and gives way. */
  static #keep(folder: string, path: string): FolderLock {
    const lock = new FolderLock(path)
    try {
      refuseIfHeld(folder, path)
    } catch (error) {
      lock.release()
      throw error
    }
    for (const other of locksIn(folder)) if (other.path !== path) rmSync(other.path, { force: true })
    return lock
  }

  /** Gives it back. */
  release(): void {
    held.delete(this.#path)
    rmSync(this.#path, { force: true })
  }
}

function locksIn(folder: string): readonly Found[] {
  return readdirSync(folder).flatMap(name => {
    const [, number] = lockName.exec(name) ?? []
    return number === undefined ? [] : [{ number: Number(number), path: join(folder, name) }]
  })
}

function refuseIfHeld(folder: string, except: string | null = null): void {
  for (const { path } of locksIn(folder)) {
    const holder = path === except ? null : holderOf(path)
    if (holder === null || !(holder === process.pid ? held.has(path) : isAlive(holder))) continue
    throw new Error(`${folder} is in use by process ${holder}: stop that one, or give another folder with --data`)
  }
}

/** Whether the name was free; atomic, also between processes. */
function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Who holds a lock; null when it is gone by now. */
function holderOf(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and is somebody else's.
    return codeOf(error) === 'EPERM'
  }
}
