// When to kill: at a time, or in the middle of something that is rarely under way, which its files give away.
import { existsSync, type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import { topics } from './load.ts'

/** A moment: not before `afterMs`, at the first file that matches, at the latest `untilMs` later. */
export type Moment = {
  readonly name: string
  readonly file: RegExp | null
  readonly afterMs: number
  readonly untilMs: number
}

/** Compaction has its turn 15 seconds after a broker's start. */
const compactionMs = 15_000

const byFile: readonly (readonly [name: string, file: RegExp])[] = [
  ['a roll, at the index', /\.index$/],
  ['a roll, at the producer snapshot', /\.snapshot/],
  ['a roll, at the new segment', /\.log$/],
  ['a new epoch', /^leader-epoch-checkpoint/],
  ['a checkpoint', /^replication-offset-checkpoint/],
  ['a decision of the controller', /^decisions\.log$/],
]

/** Draws a moment; with `allowLong`, now and then one that only a longer run reaches. */
export function drawMoment(dice: Dice, allowLong: boolean): Moment {
  const afterMs = dice.between(300, 2500)
  if (allowLong && dice.chance(0.12)) {
    const [name, file] = dice.pick([
      ['compaction, at the cleaned segment', /\.cleaned$/],
      ['compaction, at the swap', /\.swap$/],
      ['compaction, at its end', /^cleaner-offset-checkpoint/],
    ] as const)
    return { name, file, afterMs: 3000, untilMs: compactionMs }
  }
  if (dice.chance(0.4)) return { name: 'any time', file: null, afterMs, untilMs: 0 }
  const [name, file] = dice.pick(byFile)
  return { name, file, afterMs, untilMs: 2500 }
}

/** Waits for it; answers whether its file was seen. */
export async function reach(moment: Moment, data: string): Promise<boolean> {
  await pause(moment.afterMs)
  const { file } = moment
  if (file === null) return false
  const watchers: FSWatcher[] = []
  const seen = new Promise<boolean>(resolve => {
    for (const folder of watched(data)) {
      watchers.push(watch(folder, (_event, name) => (file.test(name ?? '') ? resolve(true) : undefined)))
    }
  })
  const wasSeen = await Promise.race([seen, pause(moment.untilMs, false)])
  for (const watcher of watchers) watcher.close()
  return wasSeen
}

function watched(data: string): readonly string[] {
  const replicas = topics.flatMap(({ topic, partitions }) =>
    [1, 2, 3].flatMap(broker =>
      Array.from({ length: partitions }, (_, partition) => join(data, `broker-${broker}`, `${topic}-${partition}`)),
    ),
  )
  return [...replicas, join(data, 'controller/controller')].filter(folder => existsSync(folder))
}
