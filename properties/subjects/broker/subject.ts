// A live broker as a subject: operations go out as requests, and what was answered comes back in the vocabulary's words.
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../../model/vocabulary/service.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import type { LiveSide, LiveSubject } from '../../validation/live.ts'
import { cleanUp } from './clean-up.ts'
import { committed, deleteGroup, deleteOffset, describeGroup, listOwnGroups } from './group-administration.ts'
import { Groups } from './groups.ts'
import { beat, commit, join, lapse, leave, sync } from './members.ts'
import { endOffsetForEpoch, listOffsets } from './offsets.ts'
import { type Probe, probe } from './probe.ts'
import { deleteUpTo, fetchOnce, initProducer, produceBatch, readAll } from './records.ts'
import { Run } from './run.ts'
import { alterConfig, createMorePartitions, createTopic, deleteTopic, describeConfig, describeTopic } from './topics.ts'

export type BrokerOptions = {
  /** How long one answer may take, 10 s by default; then the broker counts as gone. */
  readonly answerWithinMs?: Milliseconds
  /** How long is waited for what must become true: a topic that every broker shows, a waiting join. 10 s by default. */
  readonly patienceMs?: Milliseconds
  /** What the names of topics, groups and clients begin with: `lockstep` by default. */
  readonly runPrefix?: string
}

/** A cluster, and what is wrong with answers of it that can be understood all the same: a sentence each, ascending. */
export type BrokerSubject = LiveSubject & { readonly oddities: () => readonly string[] }

/** The cluster behind `bootstrap`, which is `host:port,…`. It is probed once, when the first run starts. */
export function brokerSubject(
  bootstrap: string,
  { answerWithinMs = 10_000, patienceMs = 10_000, runPrefix = 'lockstep' }: BrokerOptions = {},
): BrokerSubject {
  const oddities = new Set<string>()
  let probed: Promise<Probe> | null = null
  const start = async (setup: ServiceSetup): Promise<LiveSide> => {
    probed ??= probe(bootstrap, { answerWithinMs, oddities })
    try {
      return sideOf(new Run(setup, await probed, runPrefix, { answerWithinMs, patienceMs }, oddities))
    } catch (error) {
      // It may be there again when the next run starts.
      probed = null
      throw error
    }
  }
  return { name: bootstrap, start, oddities: () => [...oddities].sort() }
}

function sideOf(run: Run): LiveSide {
  const groups = new Groups(run)
  let ended: Promise<readonly string[]> | null = null
  return {
    apply: (operation, awaits, mays = []) => {
      groups.mays = mays
      return apply(run, groups, operation, awaits)
    },
    end: () => {
      ended ??= cleanUp(run, groups.answers.book.all)
      return ended
    },
  }
}

function apply(
  run: Run,
  groups: Groups,
  operation: ServiceOperation,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  switch (operation.kind) {
    case 'createTopic':
      return createTopic(run, operation)
    case 'deleteTopic':
      return deleteTopic(run, operation)
    case 'createPartitions':
      return createMorePartitions(run, operation)
    case 'describeTopic':
      return describeTopic(run, operation)
    case 'describeConfig':
      return describeConfig(run, operation)
    case 'alterConfig':
      return alterConfig(run, operation)
    case 'initProducer':
      return initProducer(run, operation)
    case 'produce':
      return produceBatch(run, operation)
    case 'fetch':
      return fetchOnce(run, operation)
    case 'readAll':
      return readAll(run, operation)
    case 'listOffsets':
      return listOffsets(run, operation)
    case 'deleteRecords':
      return deleteUpTo(run, operation)
    case 'endOffsetForEpoch':
      return endOffsetForEpoch(run, operation)
    case 'join':
      return join(groups, operation, awaits)
    case 'sync':
      return sync(groups, operation, awaits)
    case 'heartbeat':
      return beat(groups, operation, awaits)
    case 'leave':
      return leave(groups, operation, awaits)
    case 'commit':
      return commit(groups, operation, awaits)
    case 'lapse':
      return lapse(groups, operation, awaits)
    case 'committed':
      return committed(groups, operation)
    case 'deleteOffset':
      return deleteOffset(groups, operation)
    case 'describeGroup':
      return describeGroup(groups, operation)
    case 'listGroups':
      return listOwnGroups(groups)
    case 'deleteGroup':
      return deleteGroup(groups, operation)
  }
}
