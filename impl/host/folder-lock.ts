// Two clusters on one folder would destroy each other's logs: whoever comes second is told so.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    for (let tries = 0; tries < 2; tries++) {
      try {
        writeFileSync(path, String(process.pid), { flag: 'wx' })
        held.add(path)
        return new FolderLock(path)
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
        const holder = Number(readFileSync(path, 'utf8'))
        if (holder === process.pid ? held.has(path) : isAlive(holder)) {
          throw new Error(`${folder} is in use by process ${holder}: stop that one, or give another folder with --data`)
        }
        rmSync(path, { force: true })
      }
    }
    throw new Error(`cannot take ${path}: another process takes it again and again`)
  }

  /** Gives it back. */
  release(): void {
    held.delete(this.#path)
    rmSync(this.#path, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
