// The controller's memory on a disk: a snapshot, and a log of the decisions since. After KRaft's metadata log with its
// snapshots (KIP-630), but of one node: a decision is kept when it is synced.
//
// Each frame of the log is written and synced alone, so at most the last one can be torn, and nobody has heard of what
// is in it: it is cut. A frame that does not verify with one behind it that does is damage, and nothing is guessed then.
import type { Bytes } from '../../model/vocabulary/units.ts'
import { crc32c } from '../log/crc32c.ts'
import type { Decision, Decisions } from '../ports/decisions.ts'
import { type Disk, DiskFailure, type DiskFile } from '../ports/disk.ts'
import { foldDecisions } from './fold-decisions.ts'

const folder = 'controller'
const snapshotFile = `${folder}/snapshot`
const logFile = `${folder}/decisions.log`
const formatVersion = 1
// Length of the content and its CRC-32C, both unsigned 32-bit integers, big-endian.
const headerBytes = 8
const snapshotAfterBytesDefault = 1_048_576

/** `sequence` counts the decisions since the beginning: those that a snapshot holds already are passed over. */
type Frame = { readonly version: number; readonly sequence: number; readonly decision: Decision }

/**
 * Opens what a controller has kept; `kept` is null when it never ran. A snapshot replaces the log when that has grown to
 * `snapshotAfterBytes`. Throws on damage and on unknown versions.
 */
export function openDecisions(
  disk: Disk,
  snapshotAfterBytes: Bytes = snapshotAfterBytesDefault,
): { readonly kept: Decision | null; readonly decisions: Decisions } {
  const bytes = disk.readWhole(snapshotFile)
  const frames: Frame[] = []
  if (bytes !== null) {
    const { frame, end } = frameAt(bytes, 0) ?? {}
    if (frame === undefined || end !== bytes.length) throw new Error(`${snapshotFile} is damaged`)
    frames.push(parsed(frame))
  }
  const file = disk.open(logFile)
  const log = file.read(0, file.size)
  let at = 0
  for (let next = frameAt(log, at); next !== null; next = frameAt(log, at)) {
    const frame = parsed(next.frame)
    if (frame.sequence > (frames.at(-1)?.sequence ?? 0)) frames.push(frame)
    at = next.end
  }
  if (at < log.length) {
    if (isAnyFrameBehind(log, at)) throw new Error(`${logFile} is damaged at byte ${at}`)
    file.truncate(at)
  }
  return {
    kept: foldDecisions(frames.map(({ decision }) => decision)),
    decisions: new DecisionLog(disk, file, frames.at(-1)?.sequence ?? 0, snapshotAfterBytes),
  }
}

class DecisionLog implements Decisions {
  readonly #disk: Disk
  readonly #file: DiskFile
  #sequence: number
  readonly #snapshotAfterBytes: Bytes
  #snapshotAt: Bytes

  constructor(disk: Disk, file: DiskFile, sequence: number, snapshotAfterBytes: Bytes) {
    this.#disk = disk
    this.#file = file
    this.#sequence = sequence
    this.#snapshotAfterBytes = snapshotAfterBytes
    this.#snapshotAt = snapshotAfterBytes
  }

  keep(decision: Decision, whole: () => Decision): void {
    const frame = encode({ version: formatVersion, sequence: ++this.#sequence, decision })
    if (this.#file.append(frame) < frame.length) throw new DiskFailure(`the disk has no room for ${logFile}`)
    this.#file.syncNow()
    if (this.#file.size < this.#snapshotAt) return
    const snapshot = encode({ version: formatVersion, sequence: this.#sequence, decision: whole() })
    this.#disk.writeAtomic(snapshotFile, snapshot)
    this.#file.truncate(0)
    // A large cluster is not written anew after every few decisions.
    this.#snapshotAt = Math.max(this.#snapshotAfterBytes, 2 * snapshot.length)
  }

  close(): void {
    this.#file.close()
  }
}

function encode(frame: Frame): Uint8Array {
  const content = new TextEncoder().encode(JSON.stringify(frame))
  const bytes = new Uint8Array(headerBytes + content.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, content.length)
  view.setUint32(4, crc32c(content))
  bytes.set(content, headerBytes)
  return bytes
}

/** The content of the frame at a position, and where it ends; null when there is none that verifies. */
function frameAt(bytes: Uint8Array, at: number): { readonly frame: Uint8Array; readonly end: number } | null {
  if (at + headerBytes > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = at + headerBytes
  const end = start + view.getUint32(at)
  // A file system may leave zeros behind the last sync, and the checksum of nothing is zero.
  if (end === start || end > bytes.length) return null
  return crc32c(bytes, start, end) === view.getUint32(at + 4) ? { frame: bytes.subarray(start, end), end } : null
}

function isAnyFrameBehind(bytes: Uint8Array, at: number): boolean {
  for (let from = at + 1; from + headerBytes < bytes.length; from++) if (frameAt(bytes, from) !== null) return true
  return false
}

function parsed(content: Uint8Array): Frame {
  const frame = JSON.parse(new TextDecoder().decode(content)) as Frame
  if (frame.version !== formatVersion) {
    throw new Error(`the controller's decisions have version ${frame.version}, and this reads ${formatVersion} only`)
  }
  return frame
}
