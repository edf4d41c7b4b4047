// What a request is carried out in: who asks, in which version, and how to answer.
import type { Api, RequestOf, ResponseOf } from '../wire/schema.ts'

/** One client's connection, as the gateway knows it. */
export type ClientSession = {
  /** Names the connection within its broker. */
  readonly name: string
  /** The client's address. */
  readonly host: string
}

/** One request that is being carried out. */
export type Call<A extends Api> = {
  readonly client: ClientSession
  readonly clientId: string
  readonly version: number
  readonly request: RequestOf<A>
  /** Gives the answer, once; null where the protocol has none (Produce with acks 0). */
  answer(response: ResponseOf<A> | null): void
}

/** How requests of one API are carried out. */
export type Handler<A extends Api> = (call: Call<A>) => void

/** A handler together with its API, for the gateway's table. */
export type Handled = { readonly api: Api; readonly handle: Handler<Api> }

/** Puts a handler into the table. */
export function handles<A extends Api>(api: A, handle: Handler<A>): Handled {
  // The gateway hands it what was decoded by this very API.
  return { api, handle: handle as Handler<Api> }
}
