// What a run leaves behind: nothing. Groups are left by whoever is still in them, and deleted; topics are deleted.
import { setTimeout as pause } from 'node:timers/promises'
import type { Address } from '../../../impl/host/wire-connection.ts'
import { deleteGroups } from '../../../impl/wire/apis/delete-groups.ts'
import { deleteTopics } from '../../../impl/wire/apis/delete-topics.ts'
import { describeGroups } from '../../../impl/wire/apis/describe-groups.ts'
import { leaveGroup } from '../../../impl/wire/apis/leave-group.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { isSubjectGone } from '../../subject-gone.ts'
import { Connections } from './connections.ts'
import { Directory } from './directory.ts'
import { nameOf } from './outcomes.ts'
import type { Run } from './run.ts'
import { deletionOf } from './topics.ts'

/** A broker that does not answer is not waited for as patiently as in the run. */
const answerWithinMs: Milliseconds = 5000
/** How long a group may take to be empty once everybody has left it, and a coordinator to be found. */
const retryMs: Milliseconds = 5000
const lookMs: Milliseconds = 50

/**
 * Removes what the run made, over connections of its own; `memberIds` are all that were handed out in it. Gives a sentence
 * for everything that may still be there.
 */
export async function cleanUp(run: Run, memberIds: readonly string[]): Promise<readonly string[]> {
  run.connections.close()
  const connections = new Connections(Math.min(answerWithinMs, run.patience.answerWithinMs))
  const cleaner = new Cleaner(run, connections, memberIds)
  const left: string[] = []
  let gone: string | null = null
  const steps = [
    ...[...run.groups]
      .filter(group => group !== '')
      .map(group => [`group ${group}`, () => cleaner.removeGroup(group)] as const),
    ...[...run.topics].map(topic => [`topic ${topic}`, () => cleaner.removeTopic(topic)] as const),
  ]
  for (const [what, remove] of steps) {
    try {
      const why = gone ?? (await remove())
      if (why !== null) left.push(`${what} may still be there: ${why}`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      // A broker that is gone is not asked again and again: what else there is to remove is only told.
      if (isSubjectGone(error)) gone = why
      left.push(`${what} may still be there: ${why}`)
    }
  }
  connections.close()
  return left
}

class Cleaner {
  readonly #run: Run
  readonly #connections: Connections
  readonly #clientId: string
  readonly #directory: Directory

  readonly #memberIds: readonly string[]

  constructor(run: Run, connections: Connections, memberIds: readonly string[]) {
    this.#run = run
    this.#memberIds = memberIds
    this.#connections = connections
    this.#clientId = run.names.clientId('cleaner')
    this.#directory = new Directory(run.probe, connections, this.#clientId, run.versionOf('FindCoordinator'))
  }

  /** Null when the group is no longer there, else why it may be. */
  async removeGroup(group: string): Promise<string | null> {
    if (this.#isMissing(deleteGroups)) return `the broker has no ${deleteGroups.name}`
    const until = performance.now() + retryMs
    for (;;) {
      const why = await this.#tryToRemove(group)
      if (why === null || !passing.has(why) || performance.now() > until) return why
      await pause(lookMs)
    }
  }

  /** Null when the topic is no longer there, else why it may be. */
  async removeTopic(topic: string): Promise<string | null> {
    if (this.#isMissing(deleteTopics)) return `the broker has no ${deleteTopics.name}`
    // Asking first tells who administrates, and spares most deletions of what a run deleted itself.
    await this.#directory.placeOf(topic, 0)
    const { responses } = await this.#ask(await this.#directory.administrator(), deleteTopics, deletionOf(topic))
    return unlessGone(responses.find(({ name }) => name === topic)?.errorCode, topicAbsence)
  }

  async #tryToRemove(group: string): Promise<string | null> {
    const found = await this.#directory.coordinatorOf(group)
    if (found.kind === 'error') return found.error
    await this.#leave(found.address, group)
    const { results } = await this.#ask(found.address, deleteGroups, { groupsNames: [group] })
    const why = unlessGone(results.find(({ groupId }) => groupId === group)?.errorCode, groupAbsence)
    if (why !== null) this.#directory.forgetCoordinator(group)
    return why
  }

  /** Everybody leaves whom the coordinator shows, static members by their names, and who was only told an id so far. */
  async #leave(coordinator: Address, group: string): Promise<void> {
    if (this.#isMissing(leaveGroup)) return
    const asked = { groups: [group], includeAuthorizedOperations: false }
    const isShown = !this.#isMissing(describeGroups)
    const described = isShown ? (await this.#ask(coordinator, describeGroups, asked)).groups[0]?.members : []
    const shown = (described ?? []).map(({ memberId, groupInstanceId }) => ({
      memberId,
      groupInstanceId,
      reason: null,
    }))
    const others = this.#memberIds.filter(id => shown.every(({ memberId }) => memberId !== id))
    const members = [...shown, ...others.map(memberId => ({ memberId, groupInstanceId: null, reason: null }))]
    if (members.length === 0) return
    await this.#ask(coordinator, leaveGroup, { ...defaultsOf(leaveGroup.request), groupId: group, members })
  }

  async #ask<A extends Api>(address: Address, api: A, body: RequestOf<A>): Promise<ResponseOf<A>> {
    const connection = await this.#connections.to(address, 'clean-up', this.#clientId)
    return await this.#connections.ask(connection, api, this.#run.versionOf(api.name), body)
  }

  #isMissing(api: Api): boolean {
    return this.#run.versionOf(api.name) < 0
  }
}

const topicAbsence: ReadonlySet<string> = new Set([
  'NONE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INVALID_TOPIC_EXCEPTION',
])
/** After these a group may be gone a moment later. */
const passing: ReadonlySet<string> = new Set([
  'NON_EMPTY_GROUP',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
])
const groupAbsence: ReadonlySet<string> = new Set(['NONE', 'GROUP_ID_NOT_FOUND', 'INVALID_GROUP_ID'])

function unlessGone(code: number | undefined, absence: ReadonlySet<string>): string | null {
  if (code === undefined) return 'the answer did not speak of it'
  return absence.has(nameOf(code)) ? null : nameOf(code)
}
