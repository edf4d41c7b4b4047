// Clients that mean harm, against `lockstep serve`: `node fuzz.ts --minutes 10 [--seed N]`.
//
// Meanwhile a client that behaves well must be served all the time, and find all that it wrote in the end. The process
// must not die, and must hold no more memory and no more open files at the end than after a tenth of the time, each
// measured in a pause in which what the others made is removed and garbage is collected.
//
// Exit code 0 when all of that holds.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WireClient } from '../../impl/host/testing/wire-client.ts'
import { type CitizenReport, CitizenThread } from './citizen-thread.ts'
import { Dice } from './dice.ts'
import { Hostile } from './hostile.ts'
import { HostileBatches } from './hostile-batches.ts'
import { HostileFrames } from './hostile-frames.ts'
import { inspectorAddress, memoryAfterCollection } from './inspector.ts'
import { cleanUp, layGround } from './janitor.ts'
import { freePorts, Server } from './server.ts'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    keep: { type: 'boolean', default: false },
  },
})
const seconds = options.seconds === undefined ? Number(options.minutes) * 60 : Number(options.seconds)
const seed = Number(options.seed)
const brokers = 3
/** How long harm is done between two cleanings. */
const spellSeconds = Math.min(15, seconds / 4)
const quietMs = 2000
/** What may be in use at the end beyond what was after the warm-up: caches, and how memory is handed out. */
const margin = { heapBytes: 24_000_000, residentBytes: 300_000_000, descriptors: 12 }

type Use = { readonly heap: number; readonly resident: number; readonly descriptors: number }

const problems: string[] = []
const dice = new Dice(seed)
const data = mkdtempSync(join(tmpdir(), 'serve-fuzzed-'))
const port = await freePorts(brokers, 23_000 + dice.below(2000))
const server = await Server.start({ data, port, brokers, args: ['--no-auto-create'], node: ['--inspect=127.0.0.1:0'] })
const inspector = inspectorAddress(server.said) ?? fail('serve has no inspector')
const client = new WireClient(server.bootstrap, { clientId: 'janitor', patienceMs: 20_000 })
const batches = new HostileBatches(dice)
const hostile = new Hostile(server.bootstrap.split(','), dice, new HostileFrames(dice, batches), batches)

const citizen = await CitizenThread.start(server.bootstrap)

console.log(`seed ${seed}: ${seconds} s, ${brokers} brokers`)
const began = performance.now()
let warm: Use | null = null
let last: Use | null = null
const removed = { topics: 0, groups: 0 }
try {
  do await spell()
  while (elapsed() < seconds && problems.length === 0 && citizen.report.problems.length === 0)
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error))
}
conclude(await citizen.finish())
client.close()
await server.kill()
if (options.keep || problems.length > 0) console.log(`the files are in ${data}`)
else rmSync(data, { recursive: true, force: true })

/** Harm for a while, then quiet: what was made is removed, and what is still in use is measured. */
async function spell(): Promise<void> {
  const signal = AbortSignal.timeout(Math.ceil(1000 * Math.max(1, Math.min(spellSeconds, seconds - elapsed()))))
  await Promise.all([hostile.run(signal), layGround(client, signal)])
  if (server.death !== null) throw new Error(server.death)
  await pause(quietMs)
  const gone = await cleanUp(client, citizen.report)
  removed.topics += gone.topics
  removed.groups += gone.groups
  await pause(quietMs / 4)
  last = await use()
  if (warm === null && elapsed() >= seconds / 10) warm = last
  const { waits } = citizen.report
  console.log(
    `${Math.round(elapsed())} s: ${hostile.counts.frames} frames, ${hostile.counts.connections} connections, ` +
      `${hostile.counts.bombs} bombs; in use ${mb(last.heap)} MB, resident ${mb(last.resident)} MB, ` +
      `${last.descriptors} descriptors; served ${waits.length} times, at most ${Math.round(longest(waits))} ms`,
  )
}

async function use(): Promise<Use> {
  const { heapUsed, external, rss } = await memoryAfterCollection(inspector)
  return { heap: heapUsed + external, resident: rss, descriptors: server.resources.descriptors }
}

function conclude(honest: CitizenReport): void {
  const records = honest.records ?? 0
  if (server.death !== null) problems.push(server.death)
  problems.push(...honest.problems)
  if (warm !== null && last !== null) {
    const grew = (what: string, from: number, to: number, by: number): void => {
      if (to > from + by) problems.push(`${what} grew from ${from} to ${to}, and ${by} more are allowed`)
    }
    grew('memory in use', warm.heap, last.heap, margin.heapBytes)
    grew('resident memory', warm.resident, last.resident, margin.residentBytes)
    grew('open descriptors', warm.descriptors, last.descriptors, margin.descriptors)
  }
  if (hostile.counts.frames === 0 || records === 0) problems.push('nothing was done')
  for (const problem of problems) console.log(`WRONG ${problem}`)
  if (problems.length > 0) {
    const path = join(data, 'recent-frames.txt')
    writeFileSync(path, `${server.said}\n\n${hostile.recent.join('\n')}\n`)
    console.log(`what was sent last is in ${path}`)
  }
  const waits = honest.waits.toSorted((a, b) => a - b)
  const at = (share: number): string => `${Math.round(waits[Math.floor(share * (waits.length - 1))] ?? 0)} ms`
  const { frames, bytes, received, connections, batches: sent, bombs, floods } = hostile.counts
  console.log(
    `seed ${seed}: ${Math.round(elapsed())} s, ${frames} frames (${mb(bytes)} MB, ${Math.round(received / 1000)} KB answered) on ${connections} connections, ${sent} hostile ` +
      `batches, ${bombs} bombs, ${floods} floods, ${removed.topics} topics and ${removed.groups} groups removed; ` +
      `${waits.length} honest requests waited ${at(0.5)} (median), ${at(0.99)} (p99), ${at(1)} (longest), ${records} records kept; ` +
      `in use ${mb(warm?.heap ?? 0)} to ${mb(last?.heap ?? 0)} MB, resident ${mb(warm?.resident ?? 0)} to ${mb(last?.resident ?? 0)} MB, ` +
      `descriptors ${warm?.descriptors} to ${last?.descriptors}: ${problems.length === 0 ? 'no harm done' : `${problems.length} WRONG`}`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}

function longest(waits: readonly number[]): number {
  return waits.reduce((most, ms) => Math.max(most, ms), 0)
}

function elapsed(): number {
  return (performance.now() - began) / 1000
}

function mb(bytes: number): number {
  return Math.round(bytes / 1e6)
}

function fail(why: string): never {
  throw new Error(why)
}
