// Scope `group`: one coordinator, and a log whose replication the sequence decides.
import { remembered } from '../memo.ts'
import { unreachable } from '../unreachable.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type {
  GroupConfig,
  GroupLogRecord,
  GroupOperation,
  GroupOutcome,
  GroupScopeObservation,
  GroupSetup,
} from '../vocabulary/groups.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import {
  completeWrite,
  handleGroupRequest,
  initialCoordinator,
  loadCoordinator,
  tickCoordinator,
  unloadCoordinator,
} from './coordinator.ts'
import { observeGroups } from './observe.ts'
import type { CoordinatorState, CoordinatorStep } from './state.ts'

export type GroupScopeState = {
  readonly config: GroupConfig
  readonly now: Milliseconds
  readonly coordinator: CoordinatorState
  /** What is replicated. */
  readonly log: readonly GroupLogRecord[]
  /** What is not, oldest first. */
  readonly outstanding: readonly Write[]
}

type Write = { readonly writeId: number; readonly records: readonly GroupLogRecord[] }
type Responses = GroupOutcome['responses']
export type GroupScopeStep = { readonly state: GroupScopeState; readonly outcome: GroupOutcome }

/** Broker 1, epoch 1, at time 0, with an empty log. */
export function initialGroupScope(setup: GroupSetup): GroupScopeState {
  const coordinator = initialCoordinator(setup.config, 1, 1, 0)
  return { config: setup.config, now: 0, coordinator, log: [], outstanding: [] }
}

/** The scope after one operation (the same object if nothing changed) and the answers that it caused. Total. */
export function stepGroupScope(state: GroupScopeState, operation: GroupOperation): GroupScopeStep {
  switch (operation.kind) {
    case 'request': {
      const requester = { endpoint: operation.client, connection: 0 }
      return follow(state, handleGroupRequest(state.coordinator, state.now, requester, operation.request))
    }
    case 'advance': {
      if (!(operation.ms >= 0)) return answered(state, [])
      const now = state.now + operation.ms
      return follow(operation.ms === 0 ? state : { ...state, now }, tickCoordinator(state.coordinator, now))
    }
    case 'replicated':
      return replicate(state, Math.max(0, operation.count))
    case 'failWrites':
      return complete({ ...state, outstanding: [] }, state.outstanding, operation.error)
    case 'failover':
      return failover(state, Math.max(0, operation.kept))
    default:
      return unreachable(operation)
  }
}

/** What can be seen. Parts that did not change are the same objects as before. */
export function observeGroupScope(state: GroupScopeState): GroupScopeObservation {
  const { now, coordinator, log, outstanding } = state
  return { now, groups: observeGroups(coordinator), log, outstanding: observeWrites(outstanding) }
}

/** The oldest writes join the log and complete; what their completion writes is outstanding, behind the others. */
function replicate(state: GroupScopeState, count: number): GroupScopeStep {
  const done = state.outstanding.slice(0, count)
  if (done.length === 0) return answered(state, [])
  const log = [...state.log, ...done.flatMap(({ records }) => records)]
  return complete({ ...state, log, outstanding: state.outstanding.slice(count) }, done, 'NONE')
}

/**
 * Who: a coordinator that loses its partition to another.
 * Then: those who wait are told; of what was not replicated the oldest `kept` writes survive; the new coordinator reads
 * the log. Time goes on.
 */
function failover(state: GroupScopeState, kept: number): GroupScopeStep {
  const { config, now, coordinator } = state
  const unloaded = unloadCoordinator(coordinator)
  const survivors = state.outstanding.slice(0, kept).flatMap(({ records }) => records)
  const log = survivors.length === 0 ? state.log : [...state.log, ...survivors]
  const loaded = loadCoordinator(config, coordinator.brokerId, coordinator.epoch + 1, now, log)
  return answered({ config, now, coordinator: loaded, log, outstanding: [] }, responses(unloaded))
}

function complete(state: GroupScopeState, writes: readonly Write[], error: ErrorName): GroupScopeStep {
  let current: GroupScopeStep = answered(state, [])
  for (const { writeId } of writes) {
    const { coordinator, now } = current.state
    const next = follow(current.state, completeWrite(coordinator, now, writeId, error))
    current = answered(next.state, [...current.outcome.responses, ...next.outcome.responses])
  }
  return current
}

function follow(state: GroupScopeState, step: CoordinatorStep): GroupScopeStep {
  const written = step.effects.flatMap(effect =>
    effect.kind === 'write' ? [{ writeId: effect.writeId, records: effect.records }] : [],
  )
  if (step.state === state.coordinator) return answered(state, responses(step))
  const outstanding = written.length === 0 ? state.outstanding : [...state.outstanding, ...written]
  return answered({ ...state, coordinator: step.state, outstanding }, responses(step))
}

function responses({ effects }: CoordinatorStep): Responses {
  return effects.flatMap(effect =>
    effect.kind === 'respond' ? [{ client: effect.requester.endpoint, response: effect.response }] : [],
  )
}

function answered(state: GroupScopeState, all: Responses): GroupScopeStep {
  return { state, outcome: { kind: 'responses', responses: all } }
}

const observeWrites = remembered((writes: readonly Write[]) => writes.map(({ records }) => records))
