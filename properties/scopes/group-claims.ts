// Claims on one coordinator that can be seen from outside: G1 one owner, G2 fencing, F6 committed offsets.
import type { Violation } from '../../model/vocabulary/claims.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import { type Checker, statelessChecker, type Transition } from '../scope.ts'

/** Checks each operation by itself. */
export function startGroupChecker(): Checker<'group'> {
  return statelessChecker(
    transition =>
      oneOwner(transition.after.groups) ?? refusalsChangeNothing(transition) ?? offsetsKeepTheirReason(transition),
  )
}

/** G1: while a group is stable, no partition has two owners, and the group's leader is a member. */
function oneOwner(groups: readonly GroupObservation[]): Violation | null {
  for (const { groupId, state, generationId, members, leader } of groups) {
    if (state !== 'Stable') continue
    const owners = new Map<string, string>()
    for (const { memberId, assignment } of members) {
      for (const { topic, partition } of assignment) {
        const name = `${topic}-${partition}`
        const other = owners.get(name)
        if (other !== undefined && other !== memberId) {
          return {
            claim: 'G1',
            sentence: `in generation ${generationId} of ${groupId} both ${other} and ${memberId} own ${name}`,
          }
        }
        owners.set(name, memberId)
      }
    }
    if (leader !== null && !members.some(({ memberId }) => memberId === leader)) {
      return { claim: 'G1', sentence: `the leader ${leader} of ${groupId} is no member` }
    }
  }
  return null
}

const fencingErrors: ReadonlySet<string> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'])

/** G2: a request that is answered with a fencing error changes nothing. */
function refusalsChangeNothing({ before, operation, outcome, after }: Transition<'group'>): Violation | null {
  if (operation.kind !== 'request') return null
  const { request } = operation
  const own = outcome.responses.find(({ response }) => response.correlationId === request.correlationId)
  if (own === undefined || !fencingErrors.has(own.response.error) || before.groups === after.groups) return null
  if (JSON.stringify(before.groups) === JSON.stringify(after.groups)) return null
  return {
    claim: 'G2',
    sentence: `${request.kind} was refused with ${own.response.error} and changed the group all the same`,
  }
}

/** F6: offsets are taken when a write is replicated, and go by expiry or a failover; nothing else touches them. */
function offsetsKeepTheirReason({ before, operation, after }: Transition<'group'>): Violation | null {
  if (operation.kind === 'replicated' || operation.kind === 'failover' || before.groups === after.groups) return null
  for (const group of before.groups) {
    const now = after.groups.find(({ groupId }) => groupId === group.groupId)
    const offsets = now?.offsets ?? []
    if (offsets === group.offsets || JSON.stringify(offsets) === JSON.stringify(group.offsets)) continue
    const isExpiry = operation.kind === 'advance' && (now === undefined || now.members.length === 0)
    if (!isExpiry)
      return { claim: 'F6', sentence: `${operation.kind} changed the committed offsets of ${group.groupId}` }
  }
  return null
}
