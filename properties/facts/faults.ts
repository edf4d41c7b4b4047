// The faults among the operations, when one had an effect, and the behaviours that it can lead to. Most change something at
// once or never. A cut, a pause and a full disk are felt later, or not at all: they had an effect when a message waited for
// them, or when a write did not fit.
import type { OperationOf, Transition } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'

/** Whether a fault that was injected is felt now. */
export type IsFelt<S extends ScopeName> = (step: Transition<S>) => boolean

/** The fault that an operation injects, or null. */
export function faultOf(operation: OperationOf<ScopeName>): string | null {
  switch (operation.kind) {
    case 'crash':
      return `crash, ${damages[operation.damage.kind]}`
    case 'disconnect':
      return operation.late ? 'disconnect, requests read already' : 'disconnect'
    case 'advance':
      return 'node' in operation && operation.node !== null ? 'clock of one node' : null
    case 'fillDisk':
      return operation.bytes === null ? null : 'disk full'
    case 'electLeader':
      return operation.election === 'unclean' ? 'unclean election' : null
    case 'respond':
      return 'error' in operation.response && operation.response.error !== 'NONE' ? 'answer with an error' : null
    default:
      return byKind[operation.kind] ?? null
  }
}

/** What to wait for when a fault is not felt at once; null for those that are. */
export function pendingOf<S extends ScopeName>(operation: OperationOf<S>): IsFelt<S> | null {
  const fault: OperationOf<ScopeName> = operation
  switch (fault.kind) {
    case 'cut':
      return ({ after }) =>
        'links' in after ? (after.links[`${fault.from}>${fault.to}`]?.messages.length ?? 0) > 0 : false
    case 'pause':
      return ({ after }) =>
        'links' in after &&
        Object.values(after.links).some(({ to, messages }) => to === `b${fault.broker}` && messages.length > 0)
    case 'fillDisk':
      return ({ before, operation: next, after }) => {
        if ('offline' in after) return after.offline && 'offline' in before && !before.offline
        if (!('brokers' in after) || !('brokers' in before) || !('broker' in fault) || next.kind === 'crash')
          return false
        const name = `b${fault.broker}`
        return after.brokers[name]?.status === 'down' && before.brokers[name]?.status !== 'down'
      }
    default:
      return null
  }
}

/** What ends the waiting for a fault to be felt. */
export function endsPending(fault: OperationOf<ScopeName>, operation: OperationOf<ScopeName>): boolean {
  switch (operation.kind) {
    case 'healAll':
      return fault.kind === 'cut'
    case 'heal':
      return fault.kind === 'cut' && fault.from === operation.from && fault.to === operation.to
    case 'resume':
      return fault.kind === 'pause' && fault.broker === operation.broker
    case 'fillDisk':
      return fault.kind === 'fillDisk' && placeOf(fault) === placeOf(operation)
    case 'crash':
    case 'restart':
      // A new process does not stand still. Its disk is as full as before.
      return fault.kind === 'pause' && 'broker' in operation && fault.broker === operation.broker
    default:
      return false
  }
}

/** The behaviours (labels of a scope) that say what came of a fault. */
export const ledTo: Readonly<Record<string, readonly string[]>> = {
  'answer with an error': ['batch retried', 'batch failed', 'session failed'],
  'asks for partitions that it does not own': ['contested claim', 'claim to a partition that is gone'],
  'bit rot': [
    'corrupt batch refused by a follower',
    'corrupt batch read',
    'recovery cut a corrupt batch',
    'compaction refused a corrupt batch',
  ],
  'connection broken': ['connection broke with batches in flight', 'outcome of a batch unknown'],
  'controller failover': ['controller failover'],
  'coordinator failover': ['coordinator failover lost a write', 'coordinator loaded a group with members'],
  'crash, nothing lost': ['leader failover', 'unsynced tail kept', 'connection refused'],
  'crash, torn write': ['torn tail recovered'],
  'crash, unsynced lost': ['unsynced tail lost'],
  'cut of a link': ['asymmetric cut', 'broker fenced by its session', 'in-sync shrink'],
  'disk full': ['disk full halt', 'disk full', 'operation refused while offline'],
  'late request': ['late request processed', 'stale broker epoch'],
  'pause of a broker': ['paused broker resumed', 'zombie commit refused'],
  'session expired': ['broker fenced by its session', 'leader failover'],
  'unclean election': ['unclean election'],
  'client killed': ['member expired'],
  'writes fail': ['sync write failed', 'commit write failed'],
}

const damages = { kept: 'nothing lost', lost: 'unsynced lost', torn: 'torn write' } as const

const byKind: Readonly<Record<string, string>> = {
  claim: 'asks for partitions that it does not own',
  cut: 'cut of a link',
  deliverLate: 'late request',
  disconnected: 'connection broken',
  expireSession: 'session expired',
  failover: 'coordinator failover',
  failoverController: 'controller failover',
  failWrites: 'writes fail',
  killClient: 'client killed',
  pause: 'pause of a broker',
  rot: 'bit rot',
}

function placeOf(operation: object): string {
  return 'broker' in operation && 'topic' in operation && 'partition' in operation
    ? `${operation.broker} ${operation.topic} ${operation.partition}`
    : 'the log'
}
