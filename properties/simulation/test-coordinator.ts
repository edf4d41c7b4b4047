// A group coordinator for tests, with its clock and its log: requests in, answers out, and a log that can be loaded again.
import type { CoordinatorConfig } from '../../impl/group/config.ts'
import { GroupCoordinator, type NewMemberId } from '../../impl/group/coordinator.ts'
import type { GroupRequest, GroupResponse } from '../../impl/group/messages.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupLogRecord } from '../../model/vocabulary/groups.ts'

type Of<Kind extends GroupRequest['kind']> = Extract<GroupRequest, { readonly kind: Kind }>
type Join = Partial<Of<'JoinGroup'>>

/** Owns one coordinator at a time, of groups that are kept for ever unless the settings say otherwise. */
export class TestCoordinator {
  coordinator: GroupCoordinator
  log: GroupLogRecord[] = []
  now = 0
  readonly #config: CoordinatorConfig
  readonly #newMemberId: NewMemberId | undefined
  #epoch = 1
  #correlationId = 0
  #answers: GroupResponse[] = []
  #writes: { readonly records: readonly GroupLogRecord[]; readonly done: (error: ErrorName) => void }[] = []

  constructor(config: Partial<CoordinatorConfig> = {}, newMemberId?: NewMemberId) {
    const forEver = { offsetsRetentionMs: 1e9, offsetsRetentionCheckIntervalMs: 1e9, groupMaxSize: 100 }
    this.#config = { ...forEver, ...config }
    this.#newMemberId = newMemberId
    this.coordinator = this.#start()
  }

  /** Asks, and answers what was said in return before anything is replicated. */
  ask<Kind extends GroupRequest['kind']>(kind: Kind, fields: Partial<Of<Kind>> = {}): readonly GroupResponse[] {
    const request = { ...defaults[kind], groupId: 'g', correlationId: ++this.#correlationId, ...fields, kind }
    // The compiler does not see that the defaults and the fields are those of one kind.
    this.coordinator.handle({ endpoint: 'k1', connection: 0 }, request as unknown as Of<Kind>)
    return this.#take()
  }

  /** Asks, lets the log have what is written, and answers the one answer. */
  tell<Kind extends GroupRequest['kind']>(kind: Kind, fields: Partial<Of<Kind>> = {}): GroupResponse {
    const answers = [...this.ask(kind, fields), ...this.replicate()]
    const [answer] = answers
    if (answer === undefined || answers.length > 1) throw new Error(`${answers.length} answers to ${kind}`)
    return answer
  }

  /** Joins as a member that the group does not know, with the id that it is given; answers the id. */
  join(fields: Join = {}): string {
    const [answer] = this.ask('JoinGroup', fields)
    if (answer?.kind !== 'JoinGroupResponse') throw new Error('the join waits')
    if (answer.error === 'MEMBER_ID_REQUIRED') this.ask('JoinGroup', { ...fields, memberId: answer.memberId })
    return answer.memberId
  }

  /** What was written is in the log, with what that brings about. */
  replicate(error: ErrorName = 'NONE'): readonly GroupResponse[] {
    for (let next = this.#writes.shift(); next !== undefined; next = this.#writes.shift()) {
      if (error === 'NONE') this.log.push(...next.records)
      next.done(error)
    }
    return this.#take()
  }

  /** Lets time pass. */
  advance(ms: number): readonly GroupResponse[] {
    this.now += ms
    this.coordinator.tick()
    return this.#take()
  }

  /** Another coordinator takes the log over; answers what the old one said last. */
  failover(): readonly GroupResponse[] {
    this.coordinator.unload()
    this.#writes = []
    this.#epoch++
    this.coordinator = this.#start()
    this.coordinator.load(this.log)
    return this.#take()
  }

  /** A topic is deleted, and the log has it. */
  deleteTopic(topic: string): void {
    this.coordinator.topicDeleted(topic)
    this.replicate()
  }

  #start(): GroupCoordinator {
    return new GroupCoordinator({
      config: this.#config,
      brokerId: 1,
      epoch: this.#epoch,
      now: () => this.now,
      respond: (_to, response) => this.#answers.push(response),
      write: (records, done) => this.#writes.push({ records, done }),
      newMemberId: this.#newMemberId,
    })
  }

  #take(): readonly GroupResponse[] {
    const answers = this.#answers
    this.#answers = []
    return answers
  }
}

type Defaults = { readonly [Kind in GroupRequest['kind']]: Omit<Of<Kind>, 'kind' | 'groupId' | 'correlationId'> }

const member = { memberId: '', groupInstanceId: null, generationId: -1 }

/** What a request says unless a test says otherwise. */
const defaults: Defaults = {
  JoinGroup: {
    memberId: '',
    groupInstanceId: null,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: 'consumer',
    protocols: [],
    clientId: 'k',
    clientHost: '/127.0.0.1',
    requiresKnownMemberId: true,
    supportsSkippingAssignment: true,
    reason: null,
  },
  SyncGroup: { ...member, protocolType: null, protocolName: null, assignments: [] },
  Heartbeat: member,
  LeaveGroup: { members: [] },
  OffsetCommit: { ...member, understandsUnknownGroup: true, offsets: [] },
  OffsetFetch: { partitions: null },
  DescribeGroup: {},
  DeleteGroup: {},
  OffsetDelete: { partitions: [] },
}
