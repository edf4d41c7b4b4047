// Two clusters on one folder would destroy each other's logs: whoever comes second is told so.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders that this process holds: a file with its own number may be of an earlier process with the same one. */
const held = new Set<string>()

/** The lock of a folder: a file with the process that holds it. One of a dead process counts for nothing. */
export class FolderLock {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Takes the lock. Throws a sentence when a living process holds it. */
  static take(folder: string): FolderLock {
    const path = join(folder, '.lock')
    const own = `${path}.${process.pid}`
    // Linked when it is complete: a file that somebody else reads before its number is in it would count for nothing.
    writeFileSync(own, String(process.pid))
    try {
      for (let tries = 0; tries < 10; tries++) {
        if (isLinked(own, path)) {
          held.add(path)
          return new FolderLock(path)
        }
        const holder = holderOf(path)
        if (holder !== null && (holder === process.pid ? held.has(path) : isAlive(holder))) {
          throw new Error(`${folder} is in use by process ${holder}: stop that one, or give another folder with --data`)
        }
        if (holder !== null) removeStale(path, holder)
      }
    } finally {
      rmSync(own, { force: true })
    }
    throw new Error(`cannot take ${path}: another process takes it again and again`)
  }

  /** Gives it back. */
  release(): void {
    held.delete(this.#path)
    rmSync(this.#path, { force: true })
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

/** Who holds the lock; null when it is free by now. */
function holderOf(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Removes the lock of a dead process. Between looking and removing another one may have taken it: then it is put back. */
function removeStale(path: string, holder: number): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
    if (!Object.is(holderOf(aside), holder)) isLinked(aside, path)
    rmSync(aside, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
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
