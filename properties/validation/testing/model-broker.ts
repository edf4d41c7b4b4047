// A broker that is the model itself, choosing at random among what is allowed; and one that lies in one place. For tests of
// the lockstep, of which a real broker shows only what it happens to do.
import { allowed, passing } from '../../../model/service/allowed.ts'
import { initialWorld } from '../../../model/service/world.ts'
import type { ServiceOperation, ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { ServiceGround } from '../../generation/service.ts'
import { Random } from '../../random.ts'
import type { LiveSubject } from '../live.ts'
import type { LiveOptions } from '../run.ts'

/** Turns a true answer into another. */
export type Lie = (operation: ServiceOperation, outcome: ServiceOutcome) => ServiceOutcome

/** Answers as the model allows, any way it allows, now and then with a passing error first. */
export function modelBroker(seed: number, lie: Lie = (_operation, outcome) => outcome): LiveSubject {
  return {
    name: 'model',
    start: async setup => {
      const random = new Random(seed)
      let world = initialWorld(setup)
      return {
        apply: async operation => {
          const { errors } = passing(world, operation)
          const [error] = errors
          const isAnswers = allowed(world, operation)[0]?.outcome.kind === 'answers'
          if (error !== undefined && !isAnswers && random.chance(0.1)) return { kind: 'error', error }
          // A batch that timed out may come in at any time, so that a few of them leave everything open.
          const isRare = random.chance(0.98) || world.strays.length > 1
          const choices = allowed(world, operation).filter(({ outcome }) => !isRare || !isTimeout(outcome))
          const choice = random.pickOrNull(choices)
          if (choice === null) throw new Error(`nothing is allowed for ${operation.kind}`)
          world = choice.world
          return lie(operation, choice.outcome)
        },
        end: async () => [],
      }
    },
  }
}

function isTimeout(outcome: ServiceOutcome): boolean {
  return outcome.kind === 'error' && ['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'].includes(outcome.error)
}

/** Three brokers that offer everything, in these versions. */
export const wholeGround: ServiceGround = {
  brokers: 3,
  spoken: {
    Produce: { from: 3, to: 13 },
    Fetch: { from: 4, to: 18 },
    ListOffsets: { from: 1, to: 11 },
    JoinGroup: { from: 5, to: 9 },
    DescribeGroups: { from: 0, to: 6 },
  },
  onDemand: null,
  isOffered: () => true,
}

/** Time that passes only when somebody waits. */
export function standingTime(patienceMs = 1000): LiveOptions {
  let now = 0
  return {
    patienceMs,
    now: () => now,
    wait: async ms => {
      now += ms
    },
  }
}
