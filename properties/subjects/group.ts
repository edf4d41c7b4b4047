// The implementation's group coordinator as a subject of a run. The subject plays the log: writes stay outstanding until
// the sequence replicates or fails them, and a new coordinator loads what was replicated.
import { GroupCoordinator } from '../../impl/group/coordinator.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type {
  GroupLogRecord,
  GroupOperation,
  GroupOutcome,
  GroupScopeObservation,
  GroupSetup,
} from '../../model/vocabulary/groups.ts'
import type { Side } from '../verdict.ts'
import { GroupValues, groupRequestBytes, groupResponseValue } from './group-values.ts'

type Outstanding = { readonly records: readonly GroupLogRecord[]; readonly done: (error: ErrorName) => void }

/** Starts the coordinator of an empty log: broker 1, epoch 1. */
export function startGroupSubject(setup: GroupSetup): Side<'group'> {
  const values = new GroupValues()
  let now = 0
  let epoch = 1
  let responses: GroupOutcome['responses'][number][] = []
  let log: readonly GroupLogRecord[] = []
  let outstanding: readonly Outstanding[] = []
  /** The writes as they were last observed: the same array until one comes or goes. */
  let observedWrites: { readonly of: readonly Outstanding[]; readonly records: GroupScopeObservation['outstanding'] } =
    {
      of: outstanding,
      records: [],
    }

  const start = () =>
    new GroupCoordinator({
      config: setup.config,
      brokerId: 1,
      epoch,
      now: () => now,
      respond: ({ endpoint }, response) => {
        responses.push({ client: endpoint, response: groupResponseValue(response) })
      },
      write: (records, done) => {
        outstanding = [...outstanding, { records, done }]
      },
    })
  let coordinator = start()

  /** Takes out the oldest writes, so that what their completion causes is outstanding behind the others. */
  const take = (count: number): readonly Outstanding[] => {
    const taken = outstanding.slice(0, Math.max(0, count))
    if (taken.length > 0) outstanding = outstanding.slice(taken.length)
    return taken
  }
  const replicate = (writes: readonly Outstanding[]): void => {
    if (writes.length > 0) log = [...log, ...writes.flatMap(({ records }) => records)]
  }
  const carryOut = (operation: GroupOperation): void => {
    switch (operation.kind) {
      case 'request':
        coordinator.handle(
          { endpoint: operation.client, connection: 0 },
          groupRequestBytes(operation.request, operation.client),
        )
        return
      case 'advance':
        if (operation.ms < 0) return
        now += operation.ms
        coordinator.tick()
        return
      case 'replicated': {
        const writes = take(operation.count)
        replicate(writes)
        for (const { done } of writes) done('NONE')
        return
      }
      case 'failWrites':
        for (const { done } of take(outstanding.length)) done(operation.error)
        return
      case 'failover':
        coordinator.unload()
        replicate(take(operation.kept))
        outstanding = []
        epoch++
        coordinator = start()
        coordinator.load(log)
    }
  }

  const apply = (operation: GroupOperation): GroupOutcome => {
    responses = []
    carryOut(operation)
    return { kind: 'responses', responses }
  }
  const observe = (): GroupScopeObservation => {
    if (observedWrites.of !== outstanding) {
      observedWrites = { of: outstanding, records: outstanding.map(({ records }) => records) }
    }
    return { now, groups: values.of(coordinator.groups()), log, outstanding: observedWrites.records }
  }
  return { apply, observe }
}
