// The groups of one run: what has been told to whom, who waits, and whom to ask.
import type { Address } from '../../../impl/host/wire-connection.ts'
import { apiVersions } from '../../../impl/wire/apis/api-versions.ts'
import { describeGroups } from '../../../impl/wire/apis/describe-groups.ts'
import type { Api, RequestOf, ResponseOf } from '../../../impl/wire/schema.ts'
import type { ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { Coordinator } from './directory.ts'
import { GroupAnswers } from './group-answers.ts'
import { nameOf } from './outcomes.ts'
import type { Run } from './run.ts'
import { Waiting } from './waiting.ts'

/** A group as its coordinator describes it, or why it does not. */
export type Described =
  | { readonly kind: 'group'; readonly group: ResponseOf<typeof describeGroups>['groups'][number] }
  | { readonly kind: 'error'; readonly error: string }

export class Groups {
  readonly run: Run
  readonly answers: GroupAnswers
  readonly waiting = new Waiting()
  /** Who may be answered by what is asked now, as often as it stands here. */
  mays: readonly string[] = []

  constructor(run: Run) {
    this.run = run
    this.answers = new GroupAnswers(run.names)
  }

  /** Who coordinates a group, which from now on is one that may be there because of this run. */
  async coordinatorOf(group: string): Promise<Coordinator> {
    const real = this.run.names.real(group)
    this.run.groups.add(real)
    return await this.run.directory.coordinatorOf(real)
  }

  /** Asks about a group on a connection of its own: no member waits on it. */
  async ask<A extends Api>(coordinator: Address, api: A, body: RequestOf<A>): Promise<ResponseOf<A>> {
    const connection = await this.run.connections.to(coordinator, 'groups', this.run.names.clientId('driver'))
    return await this.run.connections.ask(connection, api, this.run.versionOf(api.name), body)
  }

  /** One round trip to a group's coordinator, where groups cannot be described. */
  async fence(group: string): Promise<void> {
    const found = await this.coordinatorOf(group)
    if (found.kind === 'error') return
    await this.ask(found.address, apiVersions, {
      clientSoftwareName: 'kafka-lockstep',
      clientSoftwareVersion: '0.1.0',
    })
  }

  /** Describes a group. */
  async describe(group: string): Promise<Described> {
    const found = await this.coordinatorOf(group)
    if (found.kind === 'error') return found
    const asked = { groups: [this.run.names.real(group)], includeAuthorizedOperations: false }
    const { groups } = await this.ask(found.address, describeGroups, asked)
    const [described] = groups
    if (described === undefined) return { kind: 'error', error: 'an answer without the group' }
    if (described.errorCode === 0) return { kind: 'group', group: described }
    return { kind: 'error', error: this.noted(group, described.errorCode) }
  }

  /** The name of an error, after which the coordinator may have to be looked for again. */
  noted(group: string, code: number): string {
    this.#note(this.run.names.real(group), code)
    return nameOf(code)
  }

  /** All answers to members that have come. */
  arrived(): ServiceOutcome {
    const answers = this.waiting.take()
    for (const answer of answers) this.#note(answer.group, 'code' in answer ? answer.code : answer.body.errorCode)
    return { kind: 'answers', answers: this.answers.read(answers) }
  }

  #note(real: string, code: number): void {
    if (elsewhere.has(nameOf(code))) this.run.directory.forgetCoordinator(real)
  }
}

const elsewhere: ReadonlySet<string> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
])
