// `kill -9` of a whole cluster under load, again and again: `node kill.ts --rounds 50 [--seed N] [--plant KIND]`.
//
// Each round lets producers, committers, a group's member and an administrator work, kills the process at a moment that
// the seed draws (some of them in the middle of a roll, a compaction, or the recovery itself), starts it again on the same
// files, and looks whether all that was acknowledged is there and everything that is answered is right (verify.ts).
//
// Exit code 0 when nothing is wrong. With `--plant`, files are damaged before the last start: then it must be 1.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Book } from './book.ts'
import { Dice } from './dice.ts'
import { Load } from './load.ts'
import { drawMoment, reach } from './moment.ts'
import { type Plant, plants } from './plant.ts'
import { freePorts, Server, type ServerOptions } from './server.ts'
import { verify } from './verify.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    plant: { type: 'string' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const seed = Number(options.seed)
const plant = plantNamed(options.plant)
const problemsShown = 20
const preyWithinMs = 60_000

const dice = new Dice(seed)
const book = new Book()
const data = mkdtempSync(join(tmpdir(), 'serve-killed-'))
const brokers = 3
const where: ServerOptions = { data, port: await freePorts(brokers, 21_000 + dice.below(2000)), brokers }
const totals = { kills: 0, inRecovery: 0, atFile: 0, slowestStartMs: 0, batchesRead: 0 }

console.log(`seed ${seed}: ${rounds} rounds, ${brokers} brokers${plant === null ? '' : `, planted: ${options.plant}`}`)
let server = await Server.start(where)
const load = await Load.prepare(server.bootstrap, book, dice)
const client = load.questioner()
const began = performance.now()
try {
  for (let round = 1; round <= rounds && book.problems.length === 0; round++) await oneRound(round)
} catch (error) {
  book.problem(error instanceof Error ? error.message : String(error))
}
await load.stop()
load.close()
client.close()
await server.kill()
conclude()

async function oneRound(round: number): Promise<void> {
  const before = { ...book.counts }
  const moment = drawMoment(dice, !options.short)
  load.start()
  if (plant !== null) await untilThereIsPrey(plant, before)
  const wasSeen = await reach(moment, data)
  if (server.death !== null) book.problem(server.death)
  await server.kill()
  totals.kills++
  if (wasSeen) totals.atFile++
  await load.stop()
  if (plant !== null && round === rounds) console.log(`damaged: ${plant.damage(data, book)}`)
  const recoveries = await startAgain()
  const { batches } = await verify(data, client, book, dice)
  totals.batchesRead += batches
  if (book.problems.length === 0) {
    const open = await load.drain(20_000)
    if (open > 0) book.problem(`idempotent producers cannot see ${open} batches through`)
  }
  // What went through in between has no round behind it in which it would be looked at.
  if (round === rounds && book.problems.length === 0) await verify(data, client, book, dice)
  if (server.death !== null) book.problem(server.death)
  const { batches: sent, commits, administration } = book.counts
  console.log(
    `round ${round}: killed at ${moment.name}${wasSeen || moment.file === null ? '' : ' (not seen)'}` +
      `${recoveries > 0 ? ` and ${recoveries} times in recovery` : ''}; acknowledged ${sent - before.batches} batches, ` +
      `${commits - before.commits} commits, ${administration - before.administration} administrative acts; ` +
      `${batches} batches read: ${book.problems.length === 0 ? 'right' : `${book.problems.length} WRONG`}`,
  )
}

/** A planted fault must find something to damage, also on a slow machine. */
async function untilThereIsPrey(planted: (typeof plants)[Plant], before: Book['counts']): Promise<void> {
  const until = performance.now() + preyWithinMs
  const isThere = (): boolean =>
    book.counts.batches > before.batches + 200 &&
    book.counts.commits > before.commits + 80 &&
    [...book.topics.values()].some(({ exists }) => exists === 'yes') &&
    planted.hasPrey(data)
  while (!isThere()) {
    if (performance.now() > until) throw new Error(`nothing to damage within ${preyWithinMs} ms of load`)
    await pause(50)
  }
}

/** Starts the cluster on its files; in some rounds it is killed again before or just after it is ready. */
async function startAgain(): Promise<number> {
  const recoveries = plant === null && dice.chance(0.3) ? dice.between(1, 3) : 0
  for (let k = 0; k < recoveries; k++) {
    const dying = Server.launch(where)
    await pause(dice.between(150, 1200))
    await dying.kill()
    totals.kills++
    totals.inRecovery++
  }
  const from = performance.now()
  server = await Server.start(where)
  totals.slowestStartMs = Math.max(totals.slowestStartMs, performance.now() - from)
  return recoveries
}

function conclude(): void {
  const { counts, problems } = book
  for (const problem of problems.slice(0, problemsShown)) console.log(`WRONG ${problem}`)
  if (problems.length > problemsShown) console.log(`and ${problems.length - problemsShown} more`)
  const isFound = plant !== null && problems.some(problem => plant.expected.test(problem))
  const nothing = problems.length === 0
  if (plant !== null) console.log(isFound ? 'the planted fault was found' : 'the planted fault was NOT found')
  console.log(
    `seed ${seed}: ${totals.kills} kills (${totals.inRecovery} in recovery, ${totals.atFile} at a file), ` +
      `${counts.records} records in ${counts.batches} batches, ${counts.commits} commits and ${counts.administration} ` +
      `administrative acts acknowledged, ${counts.repetitions} repetitions recognised, ${totals.batchesRead} batches read, slowest start ` +
      `${Math.round(totals.slowestStartMs)} ms, ${Math.round((performance.now() - began) / 1000)} s: ` +
      `${nothing ? 'nothing lost, nothing wrong' : `${problems.length} wrong`}`,
  )
  if (options.keep || !(nothing || isFound)) console.log(`the files are in ${data}`)
  else rmSync(data, { recursive: true, force: true })
  // 1 says that something is wrong, planted or not; 2 that a planted fault was missed.
  process.exitCode = plant !== null && !isFound ? 2 : nothing ? 0 : 1
}

function plantNamed(name: string | undefined): (typeof plants)[Plant] | null {
  if (name === undefined) return null
  if (name in plants) return plants[name as Plant]
  throw new Error(`--plant is one of ${Object.keys(plants).join(', ')}`)
}
