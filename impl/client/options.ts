// What a producer or consumer needs of the world.
import type { ClientConfig } from '../../model/vocabulary/clients.ts'
import type { BrokerId, Milliseconds } from '../../model/vocabulary/units.ts'
import type { WireRequest } from '../ports/network.ts'

/** Set-up of one client. */
export type ClientOptions = {
  readonly name: string
  /** How many brokers there are; they are numbered from 1. */
  readonly brokers: number
  readonly config: ClientConfig
  readonly now: () => Milliseconds
  /** Hands a request over. Its bytes stay the client's: they are sent again, and must not be written to. */
  readonly send: (brokerId: BrokerId, request: WireRequest) => void
}
