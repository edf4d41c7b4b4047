// Reads recorded histories: a header line, then one operation a line. A complaint names the line and says what to do.
//
// Read in pieces, since a history of some hundred megabytes does not fit into one text.
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { Ajv, type ValidateFunction } from 'ajv'
import { type History, type HistoryOperation, type HistorySettings, lineOf } from '../properties/history/history.ts'
import { historyFormat, historyVersion } from './history-format.ts'
import { faultAt } from './json-fault.ts'
import { deepestOf, faultText } from './schema/fault.ts'
import { historyHeader, historyOperation } from './schema/history.ts'

/** The file is no history that can be checked; the message says why and what to do. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
}

/** A history, and what its recorder wrote about it. */
export type RecordedHistory = History & { readonly note: string | null }

/** True when a text, such as a file's first kilobyte, begins as a history does. */
export function isHistory(text: string): boolean {
  return /^\s*\{[^\n]{0,200}"format"\s*:\s*"kafka-lockstep-history"/.test(text)
}

/** Reads the history in a file. Throws `HistoryError`. */
export function readHistory(path: string): RecordedHistory {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    throw unreadable(path, error)
  }
  try {
    return linesToHistory(linesOfFile(file), path)
  } catch (error) {
    throw error instanceof HistoryError ? error : unreadable(path, error)
  } finally {
    closeSync(file)
  }
}

/** Reads a history from text; `name` stands in messages. Throws `HistoryError`. */
export function parseHistory(text: string, name: string): RecordedHistory {
  return linesToHistory(text.split('\n'), name)
}

function linesToHistory(lines: Iterable<string>, name: string): RecordedHistory {
  let header: { readonly settings: HistorySettings; readonly note: string | null } | null = null
  const operations: HistoryOperation[] = []
  // The part behind the last line break: empty, or a line that was cut off while it was written.
  let last: string | null = null
  const take = (line: string, isLast: boolean) => {
    if (header === null) header = headerOf(line, name)
    else if (line.trim() !== '') operations.push(operationOf(line, operations.length, name, isLast, header.settings))
    else if (!isLast) throw new HistoryError(`${name}: line ${lineOf(operations.length)} is empty. Remove it.`)
  }
  for (const line of lines) {
    if (last !== null) take(last, false)
    last = line
  }
  take(last ?? '', true)
  // `take` has set it, or thrown.
  const { settings, note } = header ?? headerOf('', name)
  return { settings, note, operations }
}

function headerOf(line: string, name: string): { readonly settings: HistorySettings; readonly note: string | null } {
  if (line.trim() === '') {
    throw new HistoryError(`${name} is empty. Its first line must be the header that docs/histories.md describes.`)
  }
  if (!isHistory(line)) {
    throw new HistoryError(
      `${name} is not a history: line 1 has no "format": "${historyFormat}". Begin it with the header that docs/histories.md describes.`,
    )
  }
  const value = parsed(line, 1, name, false)
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > historyVersion) {
    throw new HistoryError(
      `${name} is a newer history, of version ${version}; this program reads ${historyVersion}: update kafka-lockstep.`,
    )
  }
  if (version !== historyVersion) {
    throw new HistoryError(
      `${name}: line 1 has no version that this program knows: set "version" to ${historyVersion}.`,
    )
  }
  check(validators().header, value, 1, name)
  // The schema was compared with the types (schema/history.test.ts), and has just accepted this value.
  const { settings, note } = value as { readonly settings: HistorySettings; readonly note?: string }
  return { settings, note: note ?? null }
}

function operationOf(
  line: string,
  index: number,
  name: string,
  isLast: boolean,
  settings: HistorySettings,
): HistoryOperation {
  const at = lineOf(index)
  const value = parsed(line, at, name, isLast)
  check(validators().operation, value, at, name)
  const operation = value as HistoryOperation
  if (operation.end < operation.start) {
    throw new HistoryError(`${name}: line ${at} ends at ${operation.end}, before it starts. Correct its times.`)
  }
  const isKeyed = settings.cleanupPolicy === 'delete' || !('records' in operation)
  if (!isKeyed && operation.records.some(({ key }) => key === undefined)) {
    throw new HistoryError(
      `${name}: line ${at} has a record without "key". With compaction it is needed to tell what may be taken: record it.`,
    )
  }
  return operation
}

function parsed(line: string, at: number, name: string, isLast: boolean): unknown {
  try {
    return JSON.parse(line)
  } catch {
    const column = faultAt(line)
    if (isLast && column >= line.length) {
      throw new HistoryError(
        `${name}: line ${at}, the last one, is torn: it ends in the middle. Remove it, if its recorder was killed.`,
      )
    }
    throw new HistoryError(`${name}: line ${at} is not JSON, from column ${column + 1} on. Correct or remove it.`)
  }
}

function check(validate: ValidateFunction, value: unknown, at: number, name: string): void {
  if (validate(value)) return
  const error = deepestOf(validate.errors ?? [])
  const advice = 'Compare it with docs/histories.md.'
  if (error === undefined) throw new HistoryError(`${name}: line ${at} has not the shape of an operation. ${advice}`)
  const field = error.instancePath.slice(1)
  const where = field === '' ? `line ${at}` : `the field "${field}" of line ${at}`
  throw new HistoryError(`${name}: ${faultText(error, where, advice)}`)
}

let compiled: { readonly header: ValidateFunction; readonly operation: ValidateFunction } | null = null

function validators(): NonNullable<typeof compiled> {
  if (compiled !== null) return compiled
  const ajv = new Ajv({ discriminator: true, allowUnionTypes: true, strict: true })
  compiled = { header: ajv.compile(historyHeader.json), operation: ajv.compile(historyOperation.json) }
  return compiled
}

const pieceBytes = 1 << 20

/** The lines of a file, without their line breaks; after the last break comes an empty one. */
function* linesOfFile(file: number): Generator<string> {
  const piece = Buffer.alloc(pieceBytes)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for (let bytes = readSync(file, piece); bytes > 0; bytes = readSync(file, piece)) {
    const lines = decoder.write(piece.subarray(0, bytes)).split('\n')
    lines[0] = rest + (lines[0] ?? '')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest + decoder.end()
}

function unreadable(path: string, error: unknown): HistoryError {
  const code = error instanceof Error && 'code' in error ? error.code : String(error)
  const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code
  return new HistoryError(`${path} cannot be read: ${why}. Give the path of a recorded history.`)
}
