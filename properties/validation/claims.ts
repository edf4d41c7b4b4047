// Which claims an operation puts to the test, and which one an answer speaks against that is not allowed. The names only
// sort findings and counts; whether there is a finding does not depend on them.
import { findGroup } from '../../model/group/state.ts'
import { named } from '../../model/service/names.ts'
import type { World } from '../../model/service/world.ts'
import type { LogRecord } from '../../model/vocabulary/records.ts'
import type { ServiceGroupAnswer, ServiceOperation, ServiceOutcome } from '../../model/vocabulary/service.ts'
import { agreement } from '../claim-of.ts'

/** The claims that a client can put to the test from outside, in the order of docs/claims.md. */
export const testableClaims = [
  'O1',
  'O2',
  'O3',
  'O5',
  'O6',
  'F1',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'L1',
  'L8',
  'G1',
  'G2',
  'G3',
  'G5',
  'P1',
  'P2',
  'P3',
] as const

/** Why the others are not tried. */
export const untestableClaims: Readonly<Record<string, string>> = {
  O4: 'compares replicas, which no client sees',
  F2: 'needs replicas that fall behind',
  L2: 'compares replicas, which no client sees',
  L3: 'needs a broker that dies',
  L4: 'needs replicas that fall out of sync',
  L5: 'needs a compaction, for which brokers take their time',
  L6: 'needs a crash',
  L7: 'needs consumers that process; a group here only commits',
  G4: 'the assignors are the clients’ own: validate them with --exec, or check --scope assignor',
}

/** The claims that this operation tried, given its answer. */
export function claimsTried(
  before: World,
  operation: ServiceOperation,
  outcome: ServiceOutcome,
  asked: number,
): readonly string[] {
  const healed = asked > 1 ? ['P1'] : []
  return [...healed, ...triedBy(before, operation, outcome)]
}

function triedBy(before: World, operation: ServiceOperation, outcome: ServiceOutcome): readonly string[] {
  switch (operation.kind) {
    case 'produce':
      if (outcome.kind === 'error') return operation.stamp === null ? ['L8', 'P3'] : ['L8', 'O3', 'P3']
      if (outcome.kind !== 'appended') return []
      return operation.stamp === null ? ['O2', 'P3'] : ['O2', 'O3', 'P3']
    case 'fetch':
      return operation.epoch === 'none' ? ['F3', 'F5'] : ['F3', 'F5', 'O6']
    case 'readAll':
      return outcome.kind === 'records' && outcome.records.length > 0 ? ['O1', 'F5', 'L1', 'L8'] : ['L8']
    case 'listOffsets':
      return operation.timestamp === -1 ? ['F4'] : operation.timestamp === -2 ? ['F1'] : ['F7']
    case 'deleteRecords':
      return ['F1']
    case 'endOffsetForEpoch':
      return ['O5']
    case 'join':
    case 'sync':
    case 'heartbeat':
    case 'leave':
      return [...(isStranger(before, operation) ? ['G2'] : ['G3']), ...groupClaims(operation, outcome)]
    case 'commit':
      return isStranger(before, operation) ? ['G2', 'F6'] : ['F6']
    case 'committed':
    case 'deleteOffset':
      return ['F6']
    case 'describeGroup':
    case 'listGroups':
    case 'deleteGroup':
      return ['G3']
    case 'lapse':
      return ['P2', 'G3']
    default:
      return []
  }
}

type FromMember = Extract<ServiceOperation, { readonly memberId: string; readonly groupInstanceId: string | null }>

/** Somebody who is no member, of another generation, or under another's instance id. */
function isStranger(world: World, operation: FromMember): boolean {
  const group = findGroup(world.coordinator, operation.group)
  const member = group.members.find(({ memberId }) => memberId === named(world, operation.memberId))
  if (operation.memberId === '') return false
  if (member === undefined) return !group.pending.some(({ memberId }) => memberId === named(world, operation.memberId))
  if (operation.groupInstanceId !== null && member.groupInstanceId !== operation.groupInstanceId) return true
  return 'generationId' in operation && operation.generationId !== group.generationId
}

function groupClaims(operation: FromMember, outcome: ServiceOutcome): readonly string[] {
  if (outcome.kind !== 'answers') return []
  const isGiven = outcome.answers.some(answer => answer.to === 'sync' && answer.error === 'NONE')
  const isJoined = outcome.answers.some(answer => answer.to === 'join' && answer.error === 'NONE')
  const isStatic = operation.kind === 'join' && operation.groupInstanceId !== null && operation.memberId === ''
  return [...(isGiven ? ['G1'] : []), ...(isJoined ? ['P2'] : []), ...(isStatic ? ['G5'] : [])]
}

/** The claim that a wrong answer breaks. */
export function brokenClaim(operation: ServiceOperation, expected: ServiceOutcome, answer: ServiceOutcome): string {
  switch (operation.kind) {
    case 'produce':
      return operation.stamp !== null ? 'O3' : answer.kind === 'appended' && expected.kind === 'appended' ? 'O2' : 'L8'
    case 'fetch':
    case 'readAll':
      if (answer.kind === 'records' && expected.kind === 'records')
        return wrongRecords(expected.records, answer.records)
      return operation.kind === 'fetch' && operation.epoch !== 'none' ? 'O6' : 'F5'
    case 'listOffsets':
      return operation.epoch !== 'none' && answer.kind !== 'offset'
        ? 'O6'
        : operation.timestamp === -1
          ? 'F4'
          : operation.timestamp === -2
            ? 'F1'
            : 'F7'
    case 'deleteRecords':
      return 'F1'
    case 'endOffsetForEpoch':
      return 'O5'
    case 'commit':
    case 'committed':
    case 'deleteOffset':
      return 'F6'
    case 'join':
    case 'sync':
    case 'heartbeat':
    case 'leave':
      return wrongAnswers(expected, answer)
    case 'describeGroup':
    case 'listGroups':
    case 'deleteGroup':
    case 'lapse':
      return 'G3'
    default:
      return agreement
  }
}

function wrongRecords(expected: readonly LogRecord[], answer: readonly LogRecord[]): string {
  const known = new Map(expected.map(record => [record.offset, JSON.stringify([record.key, record.value])]))
  const isOther = answer.some(
    ({ offset, key, value }) => known.has(offset) && known.get(offset) !== JSON.stringify([key, value]),
  )
  if (isOther) return 'O1'
  if (answer.length < expected.length) return 'L1'
  return answer.length > expected.length ? 'L8' : 'F5'
}

function wrongAnswers(expected: ServiceOutcome, answer: ServiceOutcome): string {
  if (expected.kind !== 'answers' || answer.kind !== 'answers') return 'G3'
  const isTold = (answers: readonly ServiceGroupAnswer[]): string =>
    JSON.stringify(answers.map(({ client, error }) => [client, error]))
  if (isTold(expected.answers) !== isTold(answer.answers)) {
    const isMissing = expected.answers.some(one => answer.answers.every(other => other.client !== one.client))
    return isMissing ? 'P2' : 'G2'
  }
  return 'G1'
}

/** What is alike in the eyes of somebody who mends one thing at a time. */
export function signatureOf(operation: ServiceOperation, expected: ServiceOutcome, answer: ServiceOutcome): string {
  return `${operation.kind}${aspectOf(operation)}: ${shapeOf(answer)} instead of ${shapeOf(expected)}`
}

function aspectOf(operation: ServiceOperation): string {
  switch (operation.kind) {
    case 'produce':
      return `${operation.stamp === null ? '' : ' idempotent'}${operation.fault === 'none' ? '' : ` ${operation.fault}`}`
    case 'fetch':
    case 'endOffsetForEpoch':
      return operation.epoch === 'none' ? '' : ` ${operation.epoch} epoch`
    case 'listOffsets':
      return `${operation.epoch === 'none' ? '' : ` ${operation.epoch} epoch`}${operation.timestamp >= 0 ? ' by time' : ` ${operation.timestamp}`}`
    case 'join':
      return `${operation.groupInstanceId === null ? '' : ' static'}${operation.memberId === '' ? ' anew' : ''}`
    default:
      return ''
  }
}

function shapeOf(outcome: ServiceOutcome): string {
  switch (outcome.kind) {
    case 'error':
      return outcome.error
    case 'answers':
      return `[${[...new Set(outcome.answers.map(({ to, error }) => `${to} ${error}`))].join(', ')}]`
    case 'group':
      return `group ${outcome.state}`
    case 'epochEnd':
      return outcome.isKnown ? 'epochEnd' : 'epochEnd unknown'
    default:
      return outcome.kind
  }
}
