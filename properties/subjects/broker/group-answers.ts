// What members were answered, in the vocabulary's words: ids become symbols, topics get their short names.
import { consumerProtocolType, decodeAssignment, decodeSubscription } from '../../../impl/client/consumer-protocol.ts'
import type { joinGroup } from '../../../impl/wire/apis/join-group.ts'
import type { ResponseOf } from '../../../impl/wire/schema.ts'
import type { TopicPartition } from '../../../model/vocabulary/choosing.ts'
import type { ServiceGroupAnswer, ServiceJoinedMember } from '../../../model/vocabulary/service.ts'
import { MemberBook } from './member-book.ts'
import type { Names } from './names.ts'
import { ascending, nameOf } from './outcomes.ts'
import type { Answer } from './waiting.ts'

type Joined = ResponseOf<typeof joinGroup>

/** The protocol that a group agreed on. */
export type Agreed = { readonly protocolType: string; readonly protocolName: string }

/** Answers to one client may come in any order, on connections of their own. */
const order: readonly ServiceGroupAnswer['to'][] = ['join', 'sync', 'heartbeat', 'leave', 'commit']

/** Reads the answers of one run's groups. */
export class GroupAnswers {
  readonly book = new MemberBook()
  readonly #names: Names
  readonly #agreed = new Map<string, Agreed>()

  constructor(names: Names) {
    this.#names = names
  }

  /**
   * The answers that came with one operation. All ids that they hand out are named first, in their order, so that it does
   * not matter which of them came before the others.
   */
  read(answers: readonly Answer[]): readonly ServiceGroupAnswer[] {
    for (const answer of answers) if (answer.to === 'join') this.#note(answer.client, answer.group, answer.body)
    const read = answers.map(answer => this.#read(answer))
    return read.sort((a, b) => (a.client === b.client ? order.indexOf(a.to) - order.indexOf(b.to) : 0))
  }

  /** What was agreed on, as the last join told this client or, if it was told nothing, anybody. */
  agreed(group: string, client: string): Agreed | null {
    return this.#agreed.get(`${group} ${client}`) ?? this.#agreed.get(group) ?? null
  }

  /** Partitions by their topics' short names, ascending; null for bytes that are no assignment. */
  assigned(bytes: Uint8Array): readonly TopicPartition[] | null {
    const decoded = decodeAssignment(bytes)
    if (decoded.kind === 'malformed') return null
    const partitions = decoded.value.partitions.map(({ topic, partition }) => {
      return { topic: this.#names.shown(topic), partition }
    })
    return partitions.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
  }

  #note(client: string, group: string, body: Joined): void {
    const error = nameOf(body.errorCode)
    if (error === 'NONE' || error === 'MEMBER_ID_REQUIRED') this.book.told(client, body.memberId)
    if (error !== 'NONE' || body.protocolName === null) return
    const agreed = { protocolType: body.protocolType ?? consumerProtocolType, protocolName: body.protocolName }
    this.#agreed.set(`${group} ${client}`, agreed)
    this.#agreed.set(group, agreed)
  }

  #read(answer: Answer): ServiceGroupAnswer {
    const { to, client } = answer
    switch (to) {
      case 'join':
        return this.#joined(client, answer.body)
      case 'sync': {
        const error = nameOf(answer.body.errorCode)
        if (error !== 'NONE') return { to, client, error, partitions: [] }
        const partitions = this.assigned(answer.body.assignment)
        if (partitions === null) return { to, client, error: 'an assignment that cannot be read', partitions: [] }
        return { to, client, error, partitions }
      }
      default:
        return { to, client, error: nameOf(answer.code) }
    }
  }

  #joined(client: string, body: Joined): ServiceGroupAnswer {
    const error = nameOf(body.errorCode)
    const memberId = this.book.has(body.memberId) ? this.book.symbol(body.memberId) : ''
    if (error !== 'NONE') {
      // Which id another error carries is not said: some brokers repeat the request's.
      const told = error === 'MEMBER_ID_REQUIRED' ? memberId : ''
      return {
        to: 'join',
        client,
        error,
        memberId: told,
        generationId: -1,
        protocolName: null,
        leader: '',
        members: [],
      }
    }
    return {
      to: 'join',
      client,
      error,
      memberId,
      generationId: body.generationId,
      protocolName: body.protocolName,
      leader: this.book.symbol(body.leader),
      members: ascending(
        body.members.map(member => this.#member(member)),
        member => member.memberId,
      ),
    }
  }

  #member({ memberId, groupInstanceId, metadata }: Joined['members'][number]): ServiceJoinedMember {
    const decoded = decodeSubscription(metadata)
    const topics = decoded.kind === 'decoded' ? decoded.value.topics : [`a subscription that cannot be read`]
    return {
      memberId: this.book.symbol(memberId),
      groupInstanceId,
      topics: topics.map(topic => this.#names.shown(topic)),
    }
  }
}
