// A broker cluster as a process (or three) on loopback: what the benchmark, the recorder and CI need of one.
//
// Two kinds implement this: `apache.ts` (Apache Kafka from Maven Central) and `ours.ts` (`lockstep serve`). What they
// share (memory, processor time, killing) is here; `cli/apache/metadata.ts` waits for either.

import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a cluster is started with. */
export type ClusterSettings = {
  readonly brokers: number
  /** An empty folder for the data; the caller removes it. */
  readonly folder: string
  /** The first broker's port; the others follow it. Apache's controllers listen 100 above. */
  readonly port: number
  /** What clients are told to connect to, in broker order, where it is not the listener (a recording proxy). */
  readonly advertised?: readonly string[]
  /** Asks clients for a name and a password: `user` and `user-secret`, by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly sasl?: boolean
  /** Broker properties in Kafka's names, such as `min.insync.replicas`. */
  readonly properties?: Readonly<Record<string, string>>
}

/** A cluster that has answered Metadata with all of its brokers. */
export type RunningCluster = {
  readonly bootstrap: string
  /** From the start of the first process to the first Metadata answer that lists every broker, in milliseconds. */
  readonly startMs: number
  /** Resident memory of all processes, in bytes. */
  memory(): Memory
  /** Processor time that all processes have used, in seconds. */
  processor(): number
  /** Ends the processes, first with SIGTERM, after five seconds with SIGKILL. */
  stop(): Promise<void>
}

/** Resident memory in bytes: now, and the most it ever was (VmHWM). */
export type Memory = { readonly resident: number; readonly peak: number }

/** Starts a cluster; rejects when a process ends or when it is not ready within a minute. */
export type StartCluster = (settings: ClusterSettings) => Promise<RunningCluster>

/** The memory of some processes together; a process that is gone counts as nothing. */
export function memoryOf(pids: readonly number[]): Memory {
  let resident = 0
  let peak = 0
  for (const pid of pids) {
    const status = read(`/proc/${pid}/status`)
    resident += kibibytes(status, 'VmRSS')
    peak += kibibytes(status, 'VmHWM')
  }
  return { resident: resident * 1024, peak: peak * 1024 }
}

/** Processor time of some processes together, their threads included, in seconds. */
export function processorOf(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    // Behind the command's name, which may hold anything: state is the first field, utime the 12th, stime the 13th.
    const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  }
  return ticks / ticksPerSecond
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Ends a process and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
  await gone
  clearTimeout(patience)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
}
