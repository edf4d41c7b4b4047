// The coordinator of one partition's groups (classic protocol): requests, time and completed writes go in; answers and
// writes come out, in order. Follows `GroupCoordinator.scala`, KIP-62, KIP-134, KIP-211, KIP-345, KIP-394 and
// docs/protocol/groups.md. Left out: the initial rebalance delay, transactions, KIP-848's protocol.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupConfig, GroupLogRecord, GroupObservation } from '../../model/vocabulary/groups.ts'
import type { GroupRequest, GroupResponse } from '../../model/vocabulary/messages.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
import { Deadlines } from './deadlines.ts'
import type { Effects } from './effects.ts'
import { Group, type Requester } from './group.ts'
import { joinGroup } from './join.ts'
import { runTimers } from './rebalance.ts'
import { readGroups } from './records.ts'
import {
  checkCommit,
  commitOffsets,
  expireOffsets,
  fetchOffsets,
  heartbeat,
  leaveGroup,
  syncGroup,
} from './requests.ts'
import { bareAnswer, joinRefused, synced } from './responses.ts'

/** What a coordinator needs of the broker that it runs in. */
export type CoordinatorOptions = {
  readonly config: GroupConfig
  readonly brokerId: number
  /** Stands in the member ids: the broker's epoch, or the leader epoch under which the groups were loaded. */
  readonly epoch: number
  readonly now: () => Milliseconds
  readonly respond: (requester: Requester, response: GroupResponse) => void
  /** Called after the answers of an event. `done` may be called at once, later, or never. */
  readonly write: (records: readonly GroupLogRecord[], done: (error: ErrorName) => void) => void
}

type Write = {
  readonly group: Group
  readonly records: readonly GroupLogRecord[]
  readonly done: (error: ErrorName) => void
}
type OffsetCommit = GroupRequest & { readonly kind: 'OffsetCommit' }
type Commit = { readonly requester: Requester; readonly request: OffsetCommit }

/** Owns the groups of one partition. It starts loaded, without groups. */
export class GroupCoordinator {
  readonly #options: CoordinatorOptions
  readonly #effects: Effects
  readonly #deadlines = new Deadlines()
  #groups = new Map<string, Group>()
  /** The groups ascending by id, until one comes or goes. */
  #sorted: readonly Group[] | null = []
  #observed: { readonly version: number; readonly groups: readonly GroupObservation[] } = { version: -1, groups: [] }
  /** In the order in which they came. */
  readonly #commits = new Set<Commit>()
  #queue: Write[] = []
  #isWriting = false
  #isLoaded = true
  /** Counts loads and unloads, so that the results of older writes are known as such. */
  #life = 0
  #membersNamed = 0
  #expiryAt: Milliseconds
  #version = 0

  constructor(options: CoordinatorOptions) {
    this.#options = options
    this.#expiryAt = options.now() + options.config.offsetsRetentionCheckIntervalMs
    this.#effects = {
      groupMaxSize: options.config.groupMaxSize,
      now: options.now,
      respond: options.respond,
      write: (group, records, done) => this.#queue.push({ group, records, done }),
      newMemberId: client => `${client}-${options.brokerId}.${options.epoch}.${++this.#membersNamed}`,
    }
  }

  /** Rises whenever what can be observed may have changed. */
  get version(): number {
    return this.#version
  }

  /** Carries a request out; the answer may come later. */
  handle(requester: Requester, request: GroupRequest): void {
    if (!this.#isLoaded) {
      this.#options.respond(requester, bareAnswer(request, 'NOT_COORDINATOR'))
      return
    }
    switch (request.kind) {
      case 'JoinGroup':
        this.#join(requester, request)
        break
      case 'OffsetCommit':
        this.#commit(requester, request)
        break
      case 'OffsetFetch': {
        const { correlationId, groupId } = request
        const offsets = fetchOffsets(this.#groups.get(groupId), request)
        const response = { kind: 'OffsetFetchResponse', correlationId, error: 'NONE', groupId, offsets } as const
        this.#options.respond(requester, response)
        return
      }
      default:
        this.#handleOfMember(requester, request)
    }
    this.#finish(this.#groups.get(request.groupId))
  }

  /** Fires the timers that are due: those of the groups, ascending, then the expiry of offsets. */
  tick(): void {
    if (!this.#isLoaded) return
    const now = this.#options.now()
    const due = this.#deadlines.takeDue(now).filter(group => group.state !== 'Dead')
    for (const group of due.sort((a, b) => byText(a.groupId, b.groupId))) {
      runTimers(this.#effects, group)
      group.findDueAt()
      this.#touched(group)
    }
    if (now >= this.#expiryAt) this.#expire(now)
    this.#flush()
  }

  /** No timer is due before; nothing may be due then either, when a session was renewed. */
  nextDeadline(): Milliseconds {
    return this.#isLoaded ? Math.min(this.#expiryAt, this.#deadlines.next()) : Number.POSITIVE_INFINITY
  }

  /** Takes over from the log of another coordinator, from start to end; member ids count anew. */
  load(records: Iterable<GroupLogRecord>): void {
    const now = this.#options.now()
    this.#forget()
    this.#groups = readGroups(records, now)
    this.#sorted = null
    this.#isLoaded = true
    this.#membersNamed = 0
    this.#expiryAt = now + this.#options.config.offsetsRetentionCheckIntervalMs
    for (const group of this.#groups.values()) this.#touched(group)
  }

  /** Gives the partition up: whoever waits is sent away, and writes that complete later change nothing. */
  unload(): void {
    if (!this.#isLoaded) return
    for (const group of this.#ascending()) this.#sendAway(group)
    for (const { requester, request } of this.#commits) {
      this.#options.respond(requester, bareAnswer(request, 'NOT_COORDINATOR'))
    }
    this.#forget()
    this.#isLoaded = false
  }

  /** Ascending by id. What has not changed is the same object as at the last call. */
  groups(): readonly GroupObservation[] {
    if (this.#observed.version !== this.#version) {
      this.#observed = { version: this.#version, groups: this.#ascending().map(group => group.observe()) }
    }
    return this.#observed.groups
  }

  #join(requester: Requester, request: GroupRequest & { readonly kind: 'JoinGroup' }): void {
    const { respond } = this.#options
    if (request.protocols.length === 0) {
      respond(requester, bareAnswer(request, 'INCONSISTENT_GROUP_PROTOCOL'))
      return
    }
    const known = this.#groups.get(request.groupId)
    if (known === undefined && request.memberId !== '') {
      respond(requester, bareAnswer(request, 'UNKNOWN_MEMBER_ID'))
      return
    }
    joinGroup(this.#effects, known ?? this.#create(request.groupId), requester, request)
  }

  #handleOfMember(
    requester: Requester,
    request: GroupRequest & { readonly kind: 'SyncGroup' | 'Heartbeat' | 'LeaveGroup' },
  ): void {
    const group = this.#groups.get(request.groupId)
    if (group === undefined) {
      this.#options.respond(requester, bareAnswer(request, 'UNKNOWN_MEMBER_ID'))
      return
    }
    switch (request.kind) {
      case 'SyncGroup':
        syncGroup(this.#effects, group, requester, request)
        return
      case 'Heartbeat':
        heartbeat(this.#effects, group, requester, request)
        return
      case 'LeaveGroup':
        leaveGroup(this.#effects, group, requester, request)
        return
    }
  }

  #commit(requester: Requester, request: OffsetCommit): void {
    const { groupId, memberId, generationId, offsets } = request
    const answer = (error: ErrorName): void => this.#options.respond(requester, bareAnswer(request, error))
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      if (generationId !== -1 || memberId !== '') {
        answer('ILLEGAL_GENERATION')
        return
      }
      group = this.#create(groupId)
    }
    const error = checkCommit(this.#effects, group, request)
    if (error !== 'NONE' || offsets.length === 0) {
      answer(error)
      return
    }
    const commit = { requester, request }
    this.#commits.add(commit)
    commitOffsets(this.#effects, group, request, result => {
      this.#commits.delete(commit)
      answer(result)
    })
  }

  #create(groupId: string): Group {
    const group = new Group(groupId, this.#options.now())
    this.#groups.set(groupId, group)
    this.#sorted = null
    return group
  }

  #expire(now: Milliseconds): void {
    const { offsetsRetentionMs, offsetsRetentionCheckIntervalMs } = this.#options.config
    this.#expiryAt = now + offsetsRetentionCheckIntervalMs
    for (const group of this.#ascending()) {
      if (expireOffsets(this.#effects, group, offsetsRetentionMs)) {
        this.#groups.delete(group.groupId)
        this.#sorted = null
      }
      this.#touched(group)
    }
  }

  #sendAway(group: Group): void {
    const { groupId } = group
    for (const member of group.members) {
      const join = group.takeJoin(member)
      if (join !== null) {
        const { requester, correlationId, memberId } = join
        this.#options.respond(requester, joinRefused(groupId, correlationId, memberId, 'NOT_COORDINATOR'))
      }
      const sync = group.takeSync(member)
      if (sync !== null) {
        this.#options.respond(sync.requester, synced(groupId, sync.correlationId, 'NOT_COORDINATOR', []))
      }
    }
  }

  #forget(): void {
    this.#life++
    this.#version++
    this.#groups = new Map()
    this.#sorted = []
    this.#deadlines.clear()
    this.#commits.clear()
    this.#queue = []
  }

  #ascending(): readonly Group[] {
    this.#sorted ??= [...this.#groups.values()].sort((a, b) => byText(a.groupId, b.groupId))
    return this.#sorted
  }

  /** The end of an event that concerned one group. */
  #finish(group: Group | undefined): void {
    if (group !== undefined) this.#touched(group)
    this.#flush()
  }

  #touched(group: Group): void {
    if (group.isChanged) this.#version++
    if (group.state !== 'Dead') this.#deadlines.schedule(group)
  }

  /** Hands the writes over, oldest first. One that completes at once may ask for more, which come after the others. */
  #flush(): void {
    if (this.#isWriting) return
    this.#isWriting = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { group, records, done } = next
      const life = this.#life
      this.#options.write(records, error => {
        if (this.#life !== life) return
        done(error)
        this.#finish(group)
      })
    }
    this.#isWriting = false
  }
}
