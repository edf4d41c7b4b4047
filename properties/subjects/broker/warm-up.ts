// Waiting until a cluster is as it will be. While a coordinator still loads its groups it answers heartbeats with NONE,
// whoever sends them, so that no consumer leaves for that (Kafka's `GroupCoordinatorService.heartbeat`): a validation that
// began then would find strangers accepted.
import { setTimeout as pause } from 'node:timers/promises'
import { findCoordinator } from '../../../impl/wire/apis/find-coordinator.ts'
import { listGroups } from '../../../impl/wire/apis/list-groups.ts'
import { defaultsOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { Connections } from './connections.ts'
import { nameOf } from './outcomes.ts'
import type { Probe } from './probe.ts'

const clientId = 'lockstep-warm-up'
const lookMs: Milliseconds = 100
/** The first group of a cluster makes it create its topic of offsets. */
const group = 'lockstep-warm-up'

/** Waits until every broker can list its groups; gives the error that stays when time is up, else null. Rejects with `subjectGone`. */
export async function warmUp(
  { brokers, spoken }: Probe,
  answerWithinMs: Milliseconds,
  withinMs: Milliseconds,
): Promise<string | null> {
  const until = performance.now() + withinMs
  const connections = new Connections(answerWithinMs, new Set())
  try {
    for (;;) {
      const error = await firstError(connections, brokers, spoken)
      if (error === null || performance.now() > until) return error
      await pause(lookMs)
    }
  } finally {
    connections.close()
  }
}

async function firstError(
  connections: Connections,
  brokers: Probe['brokers'],
  spoken: Probe['spoken'],
): Promise<string | null> {
  for (const { address } of brokers) {
    const connection = await connections.to(address, 'warm-up', clientId)
    const { FindCoordinator, ListGroups } = spoken
    if (FindCoordinator !== undefined) {
      const asked = { key: group, keyType: 0, coordinatorKeys: [group] }
      const answer = await connections.ask(connection, findCoordinator, FindCoordinator.to, asked)
      const error = nameOf(answer.coordinators[0]?.errorCode ?? answer.errorCode)
      if (error !== 'NONE') return `FindCoordinator: ${error}`
    }
    if (ListGroups !== undefined) {
      const { errorCode } = await connections.ask(connection, listGroups, ListGroups.to, defaultsOf(listGroups.request))
      if (errorCode !== 0) return `ListGroups: ${nameOf(errorCode)}`
    }
  }
  return null
}
