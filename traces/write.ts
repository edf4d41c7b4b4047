// Writes trace files, all or nothing: a reader never sees half a trace, also when the writer is killed.
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AbstractTrace } from './abstract.ts'
import type { ServiceTrace } from './service.ts'
import type { AnyTrace } from './trace.ts'

/** Writes a trace; its folder is made when it is absent. Throws what the file system throws. */
export function writeTrace(path: string, trace: AnyTrace | AbstractTrace | ServiceTrace): void {
  writeWhole(path, traceText(trace))
}

/**
 * Writes a file as a whole or not at all; its folder is made when it is absent. A link stays one. What is no file (a device, a
 * pipe) is written to and never replaced. Throws what the file system throws.
 */
export function writeWhole(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there !== undefined && !there.isFile()) {
    writeFileSync(path, text)
    return
  }
  const target = there === undefined ? path : realpathSync(path)
  mkdirSync(dirname(target), { recursive: true })
  const temporary = `${target}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** A trace as text: one line for each operation, so that a diff of two traces is a diff of their sequences. */
export function traceText(trace: AnyTrace | AbstractTrace | ServiceTrace): string {
  const { format, version, scope, setup, operations, expect, origin, note } = { origin: undefined, ...trace }
  const lines = operations.map(operation => `    ${JSON.stringify(operation)}`).join(',\n')
  const fields = [
    `"format": ${JSON.stringify(format)}`,
    `"version": ${version}`,
    `"scope": ${JSON.stringify(scope)}`,
    ...(note === undefined ? [] : [`"note": ${JSON.stringify(note)}`]),
    `"setup": ${JSON.stringify(setup)}`,
    `"operations": [${lines === '' ? '' : `\n${lines}\n  `}]`,
    `"expect": ${JSON.stringify(expect)}`,
    ...(origin === undefined ? [] : [`"origin": ${JSON.stringify(origin)}`]),
  ]
  return `{\n  ${fields.join(',\n  ')}\n}\n`
}
