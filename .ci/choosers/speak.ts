// What a program in TypeScript needs to be a subject in another process (`traces/subject-schema.json`): it is greeted,
// started and asked in lines of JSON, and answers each line with one.
import { createInterface } from 'node:readline'
import { initialAssignor, stepAssignor } from '../../model/assignors/group.ts'
import type {
  Assignment,
  AssignorMember,
  AssignorName,
  AssignorOperation,
  AssignorOutcome,
  PartitionerOperation,
  PartitionerOutcome,
  PartitionerSetup,
} from '../../model/vocabulary/choosing.ts'

/** What the library under test has no answer to, and why. */
export type Declined = { readonly kind: 'declined'; readonly reason: string }

export type Topics = readonly { readonly topic: string; readonly count: number }[]

/** A library's partitioner and assignors. None of them shows what it remembers: only its answers are compared. */
export type Library = {
  readonly name: string
  /** Starts a producer's partitioner, or declines the set-up. */
  readonly partitioner?: (
    setup: PartitionerSetup,
  ) => ((operation: PartitionerOperation) => PartitionerOutcome | Declined) | Declined
  /** What a leader hands out; members by member id, topics by name. */
  readonly assignor?: (
    assignor: AssignorName,
    members: readonly AssignorMember[],
    topics: Topics,
  ) => Promise<Assignment | Declined>
}

type Apply = (operation: never) => Promise<PartitionerOutcome | AssignorOutcome | Declined>

export function declined(reason: string): Declined {
  return { kind: 'declined', reason }
}

/** Answers until stdin closes. */
export async function speak(library: Library): Promise<void> {
  let apply: Apply | null = null
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, ...request } = JSON.parse(line)
    const answer = await answered(request)
    process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`)
  }

  async function answered(request: {
    readonly kind: string
    readonly scope: string
    readonly setup: PartitionerSetup
    readonly operation: never
  }): Promise<object> {
    if (request.kind === 'hello') {
      const { partitioner, assignor } = library
      const quiet = { observation: [] }
      const scopes = { ...(partitioner && { partitioner: quiet }), ...(assignor && { assignor: quiet }) }
      return { kind: 'hello', version: 1, name: library.name, scopes }
    }
    if (request.kind === 'start') {
      const started = request.scope === 'assignor' ? startGroup(library) : startProducer(library, request.setup)
      if ('kind' in started) return started
      apply = started.apply
      return { kind: 'started' }
    }
    const outcome = (await apply?.(request.operation)) ?? declined('nothing was started')
    return outcome.kind === 'declined' ? outcome : { kind: 'applied', outcome }
  }
}

function startProducer({ partitioner }: Library, setup: PartitionerSetup): { readonly apply: Apply } | Declined {
  const choose = partitioner?.(setup) ?? declined('there is no partitioner')
  return typeof choose === 'function' ? { apply: async operation => choose(operation) } : choose
}

/** The group around an assignor is the model's, but for what its members are given. */
function startGroup({ assignor }: Library): { readonly apply: Apply } {
  let group = initialAssignor()
  let generationId = 0
  const apply = async (operation: AssignorOperation): Promise<AssignorOutcome | Declined> => {
    if (operation.kind !== 'assign') {
      const step = stepAssignor(group, operation)
      group = step.state
      return step.outcome
    }
    generationId++
    const { members, topics } = group
    const given = (await assignor?.(operation.assignor, members, topics)) ?? declined('there is no assignor')
    if ('kind' in given) return given
    for (const { memberId, partitions } of given) {
      group = stepAssignor(group, { kind: 'claim', memberId, owned: partitions, generationId }).state
    }
    return { kind: 'assigned', assignment: given }
  }
  return { apply }
}
