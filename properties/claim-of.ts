// Which claim a plain disagreement speaks against, when no invariant says so itself: the one that the field serves.
// The choice only names and groups findings; whether there is one does not depend on it.
import type { Difference, ScopeName } from './verdict.ts'

/**
 * For each scope, fields in order of weight: the first row that any difference touches names the claim. A row matches a
 * field's name anywhere in the path, or `outcome of <kind>` when the outcomes of that kind of operation differ.
 */
const claims: Readonly<Record<ScopeName, readonly (readonly [field: string, claim: string])[]>> = {
  log: [
    ['outcome of crash', 'L6'],
    ['outcome of close', 'L6'],
    ['outcome of listOffsets', 'F7'],
    ['outcome of endOffsetForEpoch', 'O4'],
    ['outcome of clean', 'L5'],
    ['outcome of read', 'F5'],
    ['duplicate', 'O3'],
    ['outcome of append', 'O2'],
    ['batches', 'F5'],
    ['logEndOffset', 'O2'],
    ['epochs', 'O5'],
    ['producers', 'O3'],
    ['highWatermark', 'F2'],
    ['logStartOffset', 'F1'],
    ['recoveryPoint', 'L6'],
    ['firstDirtyOffset', 'L5'],
    ['segments', 'F5'],
    ['offline', 'L6'],
  ],
  partitioner: [
    ['partition', 'O3'],
    ['topics', 'O3'],
  ],
  assignor: [
    ['assignment', 'G4'],
    ['members', 'G4'],
    ['topics', 'G4'],
    ['generationId', 'G1'],
  ],
  producer: [
    ['baseSequence', 'O3'],
    ['completed', 'L8'],
    ['session', 'O3'],
    ['queues', 'O3'],
    ['requests', 'O3'],
    ['metadata', 'P3'],
    ['needsMetadata', 'P3'],
    ['metadataRetryAt', 'P3'],
    ['unassigned', 'P3'],
  ],
  group: [
    ['offsets', 'F6'],
    ['log', 'F6'],
    ['outstanding', 'F6'],
    ['assignment', 'G1'],
    ['partitions', 'G1'],
    ['generationId', 'G1'],
    ['leader', 'G1'],
    ['error', 'G2'],
    ['responses', 'G2'],
    ['state', 'G3'],
    ['members', 'G3'],
    ['pendingMembers', 'G3'],
    ['groups', 'G3'],
  ],
  cluster: [
    ['offsets', 'F6'],
    ['assignment', 'G1'],
    ['groups', 'G3'],
    ['inSyncReplicas', 'L2'],
    ['pendingInSyncReplicas', 'L2'],
    ['eligibleLeaderReplicas', 'L3'],
    ['lastKnownLeader', 'L3'],
    ['leader', 'O6'],
    ['leaderEpoch', 'O6'],
    ['partitionEpoch', 'L2'],
    ['batches', 'O4'],
    ['epochs', 'O5'],
    ['logEndOffset', 'O2'],
    ['highWatermark', 'F2'],
    ['logStartOffset', 'F1'],
    ['recoveryPoint', 'L6'],
    ['firstDirtyOffset', 'L5'],
    ['followers', 'F2'],
    ['waiting', 'L4'],
    ['completed', 'L8'],
    ['producers', 'O3'],
    ['processed', 'F3'],
    ['positions', 'F3'],
    ['consumers', 'P2'],
    ['parkedFetches', 'P1'],
    ['brokers', 'P1'],
    ['links', 'P1'],
    ['controller', 'L3'],
  ],
}

/** Claims that only invariants report. */
const besides: Readonly<Partial<Record<ScopeName, readonly string[]>>> = {
  group: ['G5'],
  cluster: ['F4', 'L1', 'L7', 'O1', 'P3'],
}

/** The claims of a scope, ascending, each with the fields that serve it, as above; none for what only invariants report. */
export function claimsOf(scope: ScopeName): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, readonly string[]>((besides[scope] ?? []).map(claim => [claim, []]))
  for (const [field, claim] of claims[scope]) fields.set(claim, [...(fields.get(claim) ?? []), field])
  return new Map([...fields].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The claim for a disagreement that no field decides, and for a side that throws. */
export const agreement = 'agreement'

/** The claim that a row of differences, seen after an operation of this kind, speaks against. */
export function claimOf(scope: ScopeName, operationKind: string, found: readonly Difference[]): string {
  for (const [field, claim] of claims[scope]) {
    if (found.some(({ path }) => touches(path, field, operationKind))) return claim
  }
  return agreement
}

function touches(path: string, field: string, operationKind: string): boolean {
  if (field.startsWith('outcome of ')) return path.startsWith('outcome') && field === `outcome of ${operationKind}`
  // What a log remembers of a producer is a row of batches, too: it counts as the producer's, not as the log's content.
  const outside = path.replace(/\.producers\[.*$/, '.producers')
  return outside.split(/[.[\]]+/).includes(field)
}

/** Claims that hold only within the contract; a verdict about one of them names the settings. */
const contractClaims: ReadonlySet<string> = new Set(['O1', 'O3', 'O4', 'F4', 'L1', 'L2', 'L3'])

/** True when the claim holds under certain settings only. */
export function dependsOnSettings(claim: string): boolean {
  return contractClaims.has(claim)
}
