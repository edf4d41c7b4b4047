// What the handling of an event may do besides changing groups.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupLogRecord } from '../../model/vocabulary/groups.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { CoordinatorConfig } from './config.ts'
import type { Group, Requester } from './group.ts'
import type { GroupResponse } from './messages.ts'

/** The coordinator as join, rebalance and requests see it. */
export type Effects = {
  readonly config: CoordinatorConfig
  readonly now: () => Milliseconds
  readonly respond: (requester: Requester, response: GroupResponse) => void
  /** Asks for a write at the end of the event; `done` is not called any more once the coordinator has unloaded. */
  readonly write: (group: Group, records: readonly GroupLogRecord[], done: (error: ErrorName) => void) => void
  readonly newMemberId: (clientId: string, groupInstanceId: string | null) => string
}

/** For writes whose result changes nothing. */
export function ignoreResult(): void {}
