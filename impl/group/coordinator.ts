// The coordinator of one partition's groups (classic protocol): requests, time and completed writes go in; answers and
// writes come out, in order. Follows `GroupCoordinator.scala`, KIP-62, KIP-134, KIP-211, KIP-345, KIP-394 and
// docs/protocol/groups.md. Left out: transactions, KIP-848's protocol.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupLogRecord } from '../../model/vocabulary/groups.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
import { type Administered, administer, forgetTopic, listedGroup } from './administration.ts'
import type { CoordinatorConfig } from './config.ts'
import { Deadlines } from './deadlines.ts'
import type { Effects } from './effects.ts'
import { Group, type Requester } from './group.ts'
import { isSessionTimeoutAllowed, joinGroup } from './join.ts'
import type { AdministratorRequest, GroupRequest, GroupResponse, ListedGroup } from './messages.ts'
import type { ObservedGroup } from './observed.ts'
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
  withoutLargeMetadata,
} from './requests.ts'
import { bareAnswer, joinRefused, nobodyLeft, syncRefused } from './responses.ts'

/** What a coordinator needs of the broker that it runs in. */
export type CoordinatorOptions = {
  readonly config: CoordinatorConfig
  readonly brokerId: number
  /** Stands in the member ids: the broker's epoch, or the leader epoch under which the groups were loaded. */
  readonly epoch: number
  readonly now: () => Milliseconds
  readonly respond: (requester: Requester, response: GroupResponse) => void
  /** Called after the answers of an event. `done` may be called at once, later, or never. */
  readonly write: (records: readonly GroupLogRecord[], done: (error: ErrorName) => void) => void
  /** Makes a member id that no other member ever has; counted, as in the model, unless given. */
  readonly newMemberId?: NewMemberId | undefined
}

/** Kafka puts a random UUID behind the instance id or, without one, the client id. */
export type NewMemberId = (clientId: string, groupInstanceId: string | null) => string

type Write = {
  readonly group: Group
  readonly records: readonly GroupLogRecord[]
  readonly done: (error: ErrorName) => void
}
type Of<Kind extends GroupRequest['kind']> = GroupRequest & { readonly kind: Kind }
/** A commit or a deletion that is on its way to the log. */
type Waiting = { readonly requester: Requester; readonly request: GroupRequest }

/** Owns the groups of one partition. It starts loaded, without groups. */
export class GroupCoordinator {
  readonly #options: CoordinatorOptions
  readonly #effects: Effects
  readonly #administered: Administered
  readonly #deadlines = new Deadlines()
  #groups = new Map<string, Group>()
  /** The groups ascending by id, until one comes or goes. */
  #sorted: readonly Group[] | null = []
  #observed: { readonly version: number; readonly groups: readonly ObservedGroup[] } = { version: -1, groups: [] }
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>()
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
      config: options.config,
      now: options.now,
      respond: options.respond,
      write: (group, records, done) => this.#queue.push({ group, records, done }),
      newMemberId:
        options.newMemberId ?? (clientId => `${clientId}-${options.brokerId}.${options.epoch}.${++this.#membersNamed}`),
    }
    this.#administered = {
      effects: this.#effects,
      outstanding: ({ groupId }) => this.#committing(groupId),
      gone: group => this.#remove(group),
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
      case 'SyncGroup':
      case 'Heartbeat':
      case 'LeaveGroup':
        this.#handleOfMember(requester, request)
        break
      case 'DescribeGroup':
      case 'DeleteGroup':
      case 'OffsetDelete':
        this.#administer(requester, request)
    }
    this.#finish(this.#groups.get(request.groupId))
  }

  /** The groups as a list, ascending by id. */
  list(): readonly ListedGroup[] {
    return this.#ascending().map(listedGroup)
  }

  /** A topic is no more: what groups have committed for it goes. The results of the writes change nothing. */
  topicDeleted(topic: string): void {
    for (const group of this.#ascending()) {
      forgetTopic(this.#administered, group, topic)
      this.#touched(group)
    }
    this.#flush()
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
    for (const { requester, request } of this.#waiting) {
      this.#options.respond(requester, bareAnswer(request, 'NOT_COORDINATOR'))
    }
    this.#forget()
    this.#isLoaded = false
  }

  /** Ascending by id. What has not changed is the same object as at the last call. */
  groups(): readonly ObservedGroup[] {
    if (this.#observed.version !== this.#version) {
      this.#observed = { version: this.#version, groups: this.#ascending().map(group => group.observe()) }
    }
    return this.#observed.groups
  }

  #join(requester: Requester, request: Of<'JoinGroup'>): void {
    const { respond, config } = this.#options
    if (!isSessionTimeoutAllowed(config, request.sessionTimeoutMs)) {
      respond(requester, bareAnswer(request, 'INVALID_SESSION_TIMEOUT'))
      return
    }
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

  #handleOfMember(requester: Requester, request: Of<'SyncGroup'> | Of<'Heartbeat'> | Of<'LeaveGroup'>): void {
    const group = this.#groups.get(request.groupId)
    if (group === undefined) {
      const answer = request.kind === 'LeaveGroup' ? nobodyLeft(request) : bareAnswer(request, 'UNKNOWN_MEMBER_ID')
      this.#options.respond(requester, answer)
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

  #commit(requester: Requester, request: Of<'OffsetCommit'>): void {
    const { correlationId, groupId, generationId, understandsUnknownGroup } = request
    const known = this.#groups.get(groupId)
    if (known === undefined && generationId >= 0) {
      const error = understandsUnknownGroup ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
      this.#options.respond(requester, bareAnswer(request, error))
      return
    }
    const group = known ?? this.#create(groupId)
    const error = checkCommit(this.#effects, group, request)
    const { offsets, refused } = withoutLargeMetadata(request.offsets, this.#options.config)
    const answer = (error: ErrorName): void =>
      this.#options.respond(requester, { kind: 'OffsetCommitResponse', correlationId, error, groupId, refused })
    if (error !== 'NONE' || offsets.length === 0) {
      answer(error)
      return
    }
    const waiting = { requester, request }
    this.#waiting.add(waiting)
    commitOffsets(this.#effects, group, offsets, result => {
      this.#waiting.delete(waiting)
      answer(result)
    })
  }

  #administer(requester: Requester, request: AdministratorRequest): void {
    const group = this.#groups.get(request.groupId)
    if (group === undefined) {
      this.#options.respond(requester, bareAnswer(request, 'GROUP_ID_NOT_FOUND'))
      return
    }
    const waiting = { requester, request }
    this.#waiting.add(waiting)
    administer(this.#administered, group, request, response => {
      this.#waiting.delete(waiting)
      this.#options.respond(requester, response)
    })
  }

  #create(groupId: string): Group {
    const group = new Group(groupId, this.#options.now())
    this.#groups.set(groupId, group)
    this.#sorted = null
    return group
  }

  /** Forgets a group; another one may have its id by now. */
  #remove(group: Group): void {
    if (this.#groups.get(group.groupId) !== group) return
    this.#groups.delete(group.groupId)
    this.#sorted = null
  }

  /** What commits of a group are on their way to the log. */
  #committing(groupId: string): readonly TopicPartition[] {
    return Array.from(this.#waiting).flatMap(({ request }) =>
      request.kind === 'OffsetCommit' && request.groupId === groupId ? request.offsets : [],
    )
  }

  #expire(now: Milliseconds): void {
    const { offsetsRetentionMs, offsetsRetentionCheckIntervalMs } = this.#options.config
    this.#expiryAt = now + offsetsRetentionCheckIntervalMs
    for (const group of this.#ascending()) {
      if (expireOffsets(this.#effects, group, offsetsRetentionMs)) this.#remove(group)
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
        this.#options.respond(sync.requester, syncRefused(groupId, sync.correlationId, 'NOT_COORDINATOR'))
      }
    }
  }

  #forget(): void {
    this.#life++
    this.#version++
    this.#groups = new Map()
    this.#sorted = []
    this.#deadlines.clear()
    this.#waiting.clear()
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
