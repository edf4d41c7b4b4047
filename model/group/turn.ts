// One request that a group answers.

import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupRequest } from '../vocabulary/messages.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { reply } from './answers.ts'
import { type Group, type GroupStep, type Requester, step, type Waiting } from './state.ts'

/** A request, who sent it, when it came and the group as it is then. */
export type Turn<Request extends GroupRequest = GroupRequest> = {
  readonly now: Milliseconds
  readonly requester: Requester
  readonly request: Request
  readonly group: Group
}

/** The request is answered with `error`, and nothing else happens. */
export function refuse({ group, requester, request }: Turn, error: ErrorName): GroupStep {
  return step(group, reply(requester, request, error))
}

/** The requester is not a member of the group, or is no more. */
export function noSuchMember(turn: Turn): GroupStep {
  return refuse(turn, 'UNKNOWN_MEMBER_ID')
}

/** What is needed to answer the request later. */
export function waitingFor({ requester, request }: Turn): Waiting {
  return { requester, correlationId: request.correlationId }
}
