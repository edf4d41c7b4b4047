// One consumer group in a coordinator's memory: its phase, its members with their indexes and counts, its offsets.
// Follows `ClassicGroup`. It keeps itself consistent; what to do when is decided in join.ts, rebalance.ts and requests.ts.
import type { GroupState } from '../../model/vocabulary/groups.ts'
import type { CorrelationId, GenerationId, Milliseconds } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
import type { JoinProtocol } from './messages.ts'
import type { ObservedGroup, ObservedMember } from './observed.ts'
import { GroupOffsets } from './offsets.ts'

/** Where a request came from: the client's endpoint, and the connection that its answer must take. */
export type Requester = { readonly endpoint: string; readonly connection: number }

/** A request that is answered later. */
export type Waiting = { readonly requester: Requester; readonly correlationId: CorrelationId }

/** A join that waits; an error is answered with the member id that it came with, or was given. */
export type WaitingJoin = Waiting & { readonly memberId: string }

/** A member. Its waits, protocols and session change through its group only, which counts them. */
export type Member = {
  memberId: string
  readonly groupInstanceId: string | null
  clientId: string
  clientHost: string
  sessionTimeoutMs: Milliseconds
  rebalanceTimeoutMs: Milliseconds
  protocols: readonly JoinProtocol[]
  /** Without bytes until it is given its first. */
  assignment: Uint8Array
  waitingJoin: WaitingJoin | null
  waitingSync: Waiting | null
  sessionDeadline: Milliseconds
}

/** The group's state with what only exists in it. One object lasts as long as one stay in the state does. */
export type Phase =
  | { readonly kind: 'Empty'; readonly since: Milliseconds }
  /** `initialDelay`: it waits for more members before it looks whether all have joined. */
  | { readonly kind: 'PreparingRebalance'; deadline: Milliseconds; initialDelay: InitialDelay | null }
  /** `assignmentWritten`: the leader's assignment is on its way to the log. */
  | { readonly kind: 'CompletingRebalance'; readonly deadline: Milliseconds; assignmentWritten: boolean }
  | { readonly kind: 'Stable' }
  | { readonly kind: 'Dead' }

/** How much longer the first rebalance of an Empty group may wait, and whether it has reason to: somebody came meanwhile. */
export type InitialDelay = { remainingMs: Milliseconds; hasNewMember: boolean }

/** A group; it starts Empty. */
export class Group {
  readonly groupId: string
  readonly offsets = new GroupOffsets()
  generationId: GenerationId = 0
  /** That of its newest members; null as long as it never had one. */
  protocolType: string | null = null
  protocolName: string | null = null
  /** Of the present generation, as it was when it began; null when that is not known. */
  subscribedTopics: ReadonlySet<string> | null = null
  leader: string | null = null
  commitsOutstanding = 0
  /** No timer of the group is due before; it may be too early, since renewing a session does not look for the next one. */
  dueAt: Milliseconds = Number.POSITIVE_INFINITY
  /** Under which time the coordinator's heap holds the group. */
  scheduledAt: Milliseconds = Number.POSITIVE_INFINITY
  #phase: Phase
  /** In order of joining: a replaced static member is the same object under a new id. */
  readonly #members = new Set<Member>()
  readonly #byId = new Map<string, Member>()
  readonly #byInstance = new Map<string, Member>()
  readonly #offered = new Map<string, number>()
  readonly #pending = new Map<string, Milliseconds>()
  #waitingJoins = 0
  #waitingSyncs = 0
  #observation: ObservedGroup | null = null

  constructor(groupId: string, emptySince: Milliseconds) {
    this.groupId = groupId
    this.#phase = { kind: 'Empty', since: emptySince }
  }

  get phase(): Phase {
    return this.#phase
  }

  get state(): GroupState {
    return this.#phase.kind
  }

  /** Members in order of joining. */
  get members(): Iterable<Member> {
    return this.#members
  }

  get size(): number {
    return this.#members.size
  }

  get pendingSize(): number {
    return this.#pending.size
  }

  /** The ids that are pending now, in the order in which they were handed out. */
  get pendingMembers(): readonly string[] {
    return [...this.#pending.keys()]
  }

  /** Whether somebody may still come who is not a member yet, or offsets that are not committed yet. */
  get isAwaited(): boolean {
    return this.#pending.size > 0 || this.commitsOutstanding > 0
  }

  get waitingJoins(): number {
    return this.#waitingJoins
  }

  get waitingSyncs(): number {
    return this.#waitingSyncs
  }

  /** Whether something happened since the group was last observed. */
  get isChanged(): boolean {
    return this.#observation === null
  }

  /** Must be called after a change of a field that the group does not guard itself. */
  changed(): void {
    this.#observation = null
  }

  enter(phase: Phase): void {
    this.#phase = phase
    if (phase.kind === 'PreparingRebalance' || phase.kind === 'CompletingRebalance') this.#expect(phase.deadline)
    this.changed()
  }

  /** Gives a rebalance more time. */
  extend(phase: Phase & { readonly kind: 'PreparingRebalance' }, deadline: Milliseconds): void {
    phase.deadline = deadline
    this.#expect(deadline)
  }

  member(memberId: string): Member | undefined {
    return this.#byId.get(memberId)
  }

  memberOfInstance(groupInstanceId: string): Member | undefined {
    return this.#byInstance.get(groupInstanceId)
  }

  add(member: Member): void {
    this.#members.add(member)
    this.#byId.set(member.memberId, member)
    const { groupInstanceId } = member
    if (groupInstanceId !== null && !this.#byInstance.has(groupInstanceId))
      this.#byInstance.set(groupInstanceId, member)
    this.#count(member.protocols, 1)
    this.#expect(member.sessionDeadline)
    this.changed()
  }

  /** An Empty group's first rebalance has reason to wait for more. */
  newMemberAdded(): void {
    if (this.#phase.kind === 'PreparingRebalance' && this.#phase.initialDelay !== null) {
      this.#phase.initialDelay.hasNewMember = true
    }
  }

  /** Takes a member out that waits for nothing any more. */
  remove(member: Member): void {
    this.#members.delete(member)
    this.#byId.delete(member.memberId)
    this.#count(member.protocols, -1)
    if (this.leader === member.memberId) this.leader = null
    const { groupInstanceId } = member
    if (groupInstanceId !== null && this.#byInstance.get(groupInstanceId) === member) {
      this.#byInstance.delete(groupInstanceId)
      // A pending member may have joined with an instance id that was taken.
      for (const other of this.#members) {
        if (other.groupInstanceId !== groupInstanceId) continue
        this.#byInstance.set(groupInstanceId, other)
        break
      }
    }
    this.changed()
  }

  /** Gives a member a new id; it keeps its place, its assignment and, if it leads, the leadership. */
  rename(member: Member, memberId: string): void {
    this.#byId.delete(member.memberId)
    this.#byId.set(memberId, member)
    if (this.leader === member.memberId) this.leader = memberId
    member.memberId = memberId
    this.changed()
  }

  setProtocols(member: Member, protocols: readonly JoinProtocol[]): void {
    this.#count(member.protocols, -1)
    this.#count(protocols, 1)
    member.protocols = protocols
    this.changed()
  }

  /** Whether all members offer a protocol. */
  isOfferedByAll(name: string): boolean {
    return (this.#offered.get(name) ?? 0) === this.size
  }

  waitForJoin(member: Member, waiting: WaitingJoin): void {
    if (member.waitingJoin === null) this.#waitingJoins++
    member.waitingJoin = waiting
    this.changed()
  }

  /** What was waiting, which is no more. */
  takeJoin(member: Member): WaitingJoin | null {
    const waiting = member.waitingJoin
    if (waiting === null) return null
    member.waitingJoin = null
    this.#waitingJoins--
    this.#expect(member.sessionDeadline)
    this.changed()
    return waiting
  }

  waitForSync(member: Member, waiting: Waiting): void {
    if (member.waitingSync === null) this.#waitingSyncs++
    member.waitingSync = waiting
    this.changed()
  }

  /** What was waiting, which is no more. */
  takeSync(member: Member): Waiting | null {
    const waiting = member.waitingSync
    if (waiting === null) return null
    member.waitingSync = null
    this.#waitingSyncs--
    this.#expect(member.sessionDeadline)
    this.changed()
    return waiting
  }

  renewSession(member: Member, now: Milliseconds): void {
    member.sessionDeadline = now + member.sessionTimeoutMs
    this.#expect(member.sessionDeadline)
    this.changed()
  }

  addPending(memberId: string, deadline: Milliseconds): void {
    this.#pending.set(memberId, deadline)
    this.#expect(deadline)
    this.changed()
  }

  /** Whether the id was pending; it is no more. */
  takePending(memberId: string): boolean {
    const wasPending = this.#pending.delete(memberId)
    if (wasPending) this.changed()
    return wasPending
  }

  /** Drops the pending members whose deadline is reached; answers whether there were any. */
  dropPending(now: Milliseconds): boolean {
    const before = this.#pending.size
    for (const [memberId, deadline] of this.#pending) if (now >= deadline) this.#pending.delete(memberId)
    if (this.#pending.size === before) return false
    this.changed()
    return true
  }

  /** 0 without members. */
  largestRebalanceTimeoutMs(): Milliseconds {
    let largest = 0
    for (const { rebalanceTimeoutMs } of this.#members) largest = Math.max(largest, rebalanceTimeoutMs)
    return largest
  }

  /** Looks for the time at which the next timer is due. */
  findDueAt(): void {
    let dueAt = Number.POSITIVE_INFINITY
    for (const deadline of this.#pending.values()) dueAt = Math.min(dueAt, deadline)
    const phase = this.#phase
    if (phase.kind === 'PreparingRebalance' || phase.kind === 'CompletingRebalance') {
      dueAt = Math.min(dueAt, phase.deadline)
    }
    for (const member of this.#members) if (!isWaiting(member)) dueAt = Math.min(dueAt, member.sessionDeadline)
    this.dueAt = dueAt
  }

  /** The same object until something changes. */
  observe(): ObservedGroup {
    this.#observation ??= {
      groupId: this.groupId,
      state: this.state,
      generationId: this.generationId,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leader,
      members: [...this.#members].map(observeMember).sort((a, b) => byText(a.memberId, b.memberId)),
      pendingMembers: this.pendingMembers.toSorted(byText),
      offsets: this.offsets.sorted,
    }
    return this.#observation
  }

  #expect(deadline: Milliseconds): void {
    if (deadline < this.dueAt) this.dueAt = deadline
  }

  #count(protocols: readonly JoinProtocol[], change: 1 | -1): void {
    for (const name of new Set(protocols.map(protocol => protocol.name))) {
      this.#offered.set(name, (this.#offered.get(name) ?? 0) + change)
    }
  }
}

/** A member that waits for an answer of the coordinator cannot run out of session. */
export function isWaiting(member: Member): boolean {
  return member.waitingJoin !== null || member.waitingSync !== null
}

function observeMember(member: Member): ObservedMember {
  const { memberId, groupInstanceId, clientId, clientHost, protocols, assignment, sessionDeadline } = member
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    protocols,
    assignment,
    awaitingJoin: member.waitingJoin !== null,
    awaitingSync: member.waitingSync !== null,
    sessionDeadline,
  }
}
