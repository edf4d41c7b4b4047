// Waiting until a cluster is as it will be. While a coordinator still loads its groups it answers heartbeats with NONE,
// whoever sends them, so that no consumer leaves for that (Kafka's `GroupCoordinatorService.heartbeat`): a validation that
// began then would find strangers accepted.
import { setTimeout as pause } from 'node:timers/promises'
import { describeGroups } from '../../../impl/wire/apis/describe-groups.ts'
import { findCoordinator } from '../../../impl/wire/apis/find-coordinator.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { Connections } from './connections.ts'
import { nameOf } from './outcomes.ts'
import type { Probe } from './probe.ts'

const clientId = 'lockstep-warm-up'
const lookMs: Milliseconds = 100
/** So many groups have coordinators in nearly all of the fifty partitions that Kafka's topic of offsets has. */
const groupsAsked = 200
/** Before version 4 each coordinator is asked for on its own. */
const severalSince = 4
const groupsAskedSingly = 50

/**
 * Waits until every coordinator can describe its groups. The first group of a cluster makes it create its topic of offsets.
 * Gives the error that stays when time is up, else null. Rejects with `subjectGone`.
 */
export async function warmUp(
  probed: Probe,
  answerWithinMs: Milliseconds,
  withinMs: Milliseconds,
): Promise<string | null> {
  const until = performance.now() + withinMs
  const connections = new Connections(answerWithinMs, new Set())
  try {
    for (;;) {
      const error = await firstError(connections, probed)
      if (error === null || performance.now() > until) return error
      await pause(lookMs)
    }
  } finally {
    connections.close()
  }
}

async function firstError(connections: Connections, { brokers, spoken }: Probe): Promise<string | null> {
  const [first] = brokers
  const { FindCoordinator, DescribeGroups } = spoken
  if (first === undefined || FindCoordinator === undefined) return null
  const connection = await connections.to(first.address, 'warm-up', clientId)
  const isSeveral = FindCoordinator.to >= severalSince
  const all = Array.from({ length: isSeveral ? groupsAsked : groupsAskedSingly }, (_, index) => `${clientId}-${index}`)
  const groupsOf = new Map<string, string[]>()
  for (const keys of isSeveral ? [all] : all.map(group => [group])) {
    const asked = { key: keys[0] ?? '', keyType: 0, coordinatorKeys: keys }
    const answer = await connections.ask(connection, findCoordinator, FindCoordinator.to, asked)
    const found = isSeveral ? answer.coordinators : [{ ...answer, key: keys[0] ?? '' }]
    for (const { key, errorCode, host, port } of found) {
      if (errorCode !== 0) return `FindCoordinator: ${nameOf(errorCode)}`
      const address = `${host}:${port}`
      groupsOf.set(address, [...(groupsOf.get(address) ?? []), key])
    }
  }
  if (DescribeGroups === undefined) return null
  for (const [address, groups] of groupsOf) {
    const coordinator = await connections.to(address, 'warm-up', clientId)
    const asked = { groups, includeAuthorizedOperations: false }
    const answer = await connections.ask(coordinator, describeGroups, DescribeGroups.to, asked)
    const refused = answer.groups.find(({ errorCode }) => errorCode !== 0 && nameOf(errorCode) !== 'GROUP_ID_NOT_FOUND')
    if (refused !== undefined) return `DescribeGroups: ${nameOf(refused.errorCode)}`
  }
  return null
}
