// Partitioners and assignors as films: what was chosen, and in a group who owns what.
import { remembered } from '../../model/memo.ts'
import type { AssignorObservation, PartitionerObservation } from '../../model/vocabulary/choosing.ts'
import { did } from '../render/did.ts'
import { operationLine } from '../render/operation.ts'
import { partitionWord } from '../render/words.ts'
import { asJson, bareScene, type Drawn, sidesOf, startOf } from './drawn.ts'
import { fact } from './facts.ts'
import type { Lane, Mark, Scene } from './film.ts'
import type { Recorded } from './recorded.ts'

const partitioner = 'partitioner'

/** Draws a run of scope `partitioner`. */
export function drawPartitioner({ start, steps }: Recorded<'partitioner'>): Drawn {
  return {
    lanes: [{ name: partitioner, kind: 'component' }],
    start: startOf(partitionerScene(start)),
    steps: steps.map((step, index) => {
      const { operation, model } = step
      const chosen = did('partitioner', start, model.observation, model.outcome)
      const text = [operationLine('partitioner', operation), ...chosen].join(': ')
      return {
        moments: 1,
        marks: [{ lane: partitioner, at: { step: index + 1, moment: 0 }, kind: 'act', text } as const],
        ...sidesOf(step, partitionerScene),
        remark: null,
      }
    }),
    messages: [],
  }
}

const partitionerScene: (observation: PartitionerObservation) => Scene = remembered(observation => {
  const facts = observation.topics.map(({ topic, counter, current, previous }) =>
    fact(topic, `counter ${counter}, now ${current ?? 'none'}, before ${previous ?? 'none'}`),
  )
  return { ...bareScene(asJson(observation)), nodes: { [partitioner]: { status: 'up', facts, logs: [] } } }
})

const group = 'group'

/** Draws a run of scope `assignor`: each member has a lane, and the group one for what is about all of them. */
export function drawAssignor({ start, steps }: Recorded<'assignor'>): Drawn {
  const named = steps.flatMap(({ operation }) => ('memberId' in operation ? [operation.memberId] : []))
  const members = [...new Set(named)].sort()
  let protocol: string | null = null
  return {
    lanes: [
      { name: group, kind: 'component' },
      ...members.map((memberId): Lane => ({ name: memberLane(memberId), kind: 'client' })),
    ],
    start: startOf(assignorScene(start, null)),
    steps: steps.map((step, index) => {
      const { operation } = step
      if (operation.kind === 'assign') protocol = operation.assignor
      const mark: Mark = {
        lane: 'memberId' in operation ? memberLane(operation.memberId) : group,
        at: { step: index + 1, moment: 0 },
        kind: 'act',
        text: operationLine('assignor', operation),
      }
      return {
        moments: 1,
        marks: [mark],
        ...sidesOf(step, observation => assignorScene(observation, protocol)),
        remark: null,
      }
    }),
    messages: [],
  }
}

/** Members may be called as they like, also as the group is. */
function memberLane(memberId: string): string {
  return memberId === group ? `member ${memberId}` : memberId
}

function assignorScene(observation: AssignorObservation, protocol: string | null): Scene {
  const { generationId, topics, members } = observation
  const facts = topics.map(({ topic, count }) => fact(topic, `${count} partitions`))
  return {
    ...bareScene(asJson(observation)),
    nodes: { [group]: { status: 'up', facts, logs: [] } },
    groups: [
      {
        group,
        coordinator: null,
        state: 'Stable',
        generationId,
        protocol,
        members: members.map(({ memberId, groupInstanceId, owned }) => ({
          memberId,
          client: memberLane(memberId),
          groupInstanceId,
          isLeader: false,
          owns: owned.map(partitionWord),
          waitsFor: null,
        })),
        offsets: [],
      },
    ],
  }
}
