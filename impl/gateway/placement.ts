// ElectLeaders, AlterPartitionReassignments and ListPartitionReassignments: who has which partition. Follows
// `ControllerApis`, KIP-460 and KIP-455.
import type { AdminError, Partition } from '../controller/admin-requests.ts'
import type { alterPartitionReassignments } from '../wire/apis/alter-partition-reassignments.ts'
import type { electLeaders } from '../wire/apis/elect-leaders.ts'
import type { listPartitionReassignments } from '../wire/apis/list-partition-reassignments.ts'
import { errorCode } from '../wire/errors.ts'
import { byTopic } from './by-topic.ts'
import type { ControllerLink } from './controller-link.ts'
import type { Call } from './session.ts'
import { codeOf, unreachable } from './topics.ts'

const preferred = 0
const unclean = 1

/** Carries out ElectLeaders. */
export function handleElectLeaders(controller: ControllerLink, { request, answer }: Call<typeof electLeaders>): void {
  const { electionType } = request
  if (electionType !== preferred && electionType !== unclean) {
    answer({ throttleTimeMs: 0, errorCode: errorCode('INVALID_REQUEST'), replicaElectionResults: [] })
    return
  }
  const asked =
    request.topicPartitions?.flatMap(({ topic, partitions }) => partitions.map(partition => ({ topic, partition }))) ??
    null
  controller.ask(
    administration => administration.electLeaders(asked, electionType === preferred ? 'preferred' : 'unclean'),
    elected => {
      const replicaElectionResults = byTopic(elected).map(([topic, rows]) => ({
        topic,
        partitionResult: rows.map(row => ({
          partitionId: row.partition,
          errorCode: codeOf(row),
          errorMessage: row.message,
        })),
      }))
      answer({ throttleTimeMs: 0, errorCode: 0, replicaElectionResults })
    },
    error => answer({ throttleTimeMs: 0, errorCode: errorCode(error), replicaElectionResults: [] }),
  )
}

/** Carries out AlterPartitionReassignments. */
export function handleAlterReassignments(
  controller: ControllerLink,
  { request, answer }: Call<typeof alterPartitionReassignments>,
): void {
  const { allowReplicationFactorChange } = request
  const asked = request.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, replicas }) => ({ topic: name, partition: partitionIndex, replicas })),
  )
  const respond = (whole: AdminError, rows: readonly (Partition & AdminError)[]): void =>
    answer({
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: codeOf(whole),
      errorMessage: whole.message,
      responses: byTopic(rows).map(([name, ofTopic]) => ({
        name,
        partitions: ofTopic.map(row => ({
          partitionIndex: row.partition,
          errorCode: codeOf(row),
          errorMessage: row.message,
        })),
      })),
    })
  controller.ask(
    administration => administration.alterReassignments(asked),
    rows => respond({ error: 'NONE', message: null }, rows),
    error => respond(unreachable(error), []),
  )
}

/** Carries out ListPartitionReassignments. */
export function handleListReassignments(
  controller: ControllerLink,
  { request, answer }: Call<typeof listPartitionReassignments>,
): void {
  const asked =
    request.topics?.flatMap(({ name, partitionIndexes }) =>
      partitionIndexes.map(partition => ({ topic: name, partition })),
    ) ?? null
  controller.ask(
    administration => administration.listReassignments(asked),
    listed => {
      const topics = byTopic(listed).map(([name, rows]) => ({
        name,
        partitions: rows.map(({ partition, replicas, adding, removing }) => ({
          partitionIndex: partition,
          replicas,
          addingReplicas: adding,
          removingReplicas: removing,
        })),
      }))
      answer({ throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics })
    },
    error =>
      answer({ throttleTimeMs: 0, errorCode: errorCode(error), errorMessage: unreachable(error).message, topics: [] }),
  )
}
