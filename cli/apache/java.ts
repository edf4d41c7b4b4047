// Finds a Java that is new enough.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UsageError } from '../exit.ts'
import type { KafkaVersion } from './version.ts'

const execute = promisify(execFile)

/** Variables of a process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The `java` to run, as Kafka's own scripts choose it: that of JAVA_HOME, else the first of the PATH.
 *
 * Throws `UsageError` when there is none, or when it is too old for that version of Kafka.
 */
export async function javaFor(version: KafkaVersion, env: Environment = process.env): Promise<string> {
  const home = env.JAVA_HOME ?? ''
  const java = home === '' ? 'java' : join(home, 'bin', 'java')
  const where = home === '' ? 'there is no java in the PATH' : `there is no ${java}, where JAVA_HOME points`
  const needed = `Apache Kafka ${version.text} needs Java ${version.java} or newer`
  let said: string
  try {
    // It says its version on stderr.
    said = (await execute(java, ['-version'], { env, timeout: 30_000 })).stderr
  } catch (error) {
    if (isMissing(error)) throw new UsageError(`${needed}, and ${where}. Install one, or set JAVA_HOME.`)
    throw new UsageError(`${needed}, and ${java} -version failed: ${firstLine(error)}. Install a working one.`)
  }
  const found = featureNumber(said)
  if (found === null)
    throw new UsageError(`${needed}, and ${java} -version says ${JSON.stringify(said.slice(0, 100))}.`)
  if (found < version.java) {
    throw new UsageError(`${needed}, and ${java} is Java ${found}. Install a newer one, or set JAVA_HOME to one.`)
  }
  return java
}

/** True for the error of a program that is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** `version "17.0.15"` is Java 17; up to Java 8 it was `"1.8.0_412"`. */
function featureNumber(said: string): number | null {
  const [, first = '', second = ''] = /version "(\d+)(?:\.(\d+))?/.exec(said) ?? []
  if (first === '') return null
  return Number(first === '1' ? second : first)
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? ''
}
