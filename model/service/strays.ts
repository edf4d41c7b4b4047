// Batches that nobody waits for: a producer with `acks` 0, or one that hung up. They are appended at any later time, once
// at most, or never.
import { appendAsLeader } from '../log/append.ts'
import { logEndOffset } from '../log/state.ts'
import type { PartitionIndex } from '../vocabulary/units.ts'
import { findPartition, findTopic, type Stray, underEachSetting, type World, withPartition } from './world.ts'

/** Every world in which some of the strays of a partition, in some order, have come in by now; the one without any first. */
export function afterStrays(
  world: World,
  { topic, partition }: { readonly topic: string; readonly partition: PartitionIndex },
): readonly World[] {
  const here = world.strays.filter(stray => stray.topic === topic && stray.partition === partition)
  return [world, ...here.flatMap(stray => arrived(world, stray).flatMap(at => afterStrays(at, { topic, partition })))]
}

/** Likewise for every partition of a topic: a batch that came in before a setting changed was judged by the old one. */
export function afterAllStrays(world: World, topic: string): readonly World[] {
  const here = world.strays.filter(stray => stray.topic === topic)
  return [world, ...here.flatMap(stray => arrived(world, stray).flatMap(at => afterAllStrays(at, topic)))]
}

/** One of them comes in; if the log refuses it, or there is none, it is gone. */
function arrived(world: World, stray: Stray): readonly World[] {
  const others = { ...world, strays: world.strays.filter(other => other !== stray) }
  const known = findPartition(others, stray.topic, stray.partition)
  if (known === null) return [others]
  const isAlone = findTopic(others, stray.topic)?.replicationFactor === 1
  return underEachSetting(known).map(({ partition, restored }) => {
    const { log } = appendAsLeader(partition.log, stray.batch, 0)
    const settled = isAlone ? logEndOffset(log) : known.settled
    return withPartition(others, stray.topic, stray.partition, { ...restored(log), settled })
  })
}
