// What a request is carried out in: who asks, in which version, and how to answer.
import type { Api, RequestOf, ResponseOf } from '../wire/schema.ts'

/** One client's connection, as the gateway knows it. */
export type ClientSession = {
  /** Names the connection within its broker. */
  readonly name: string
  /** The client's address. */
  readonly host: string
  /** Closes the connection when what is answered by now has been sent; `why` is reported, and the client not told. */
  closeBehindAnswers(why: string): void
}

/** Does a step for one client. An error in it costs this client its connection, is reported, and concerns nobody else. */
export function guarded(client: ClientSession, step: () => void): void {
  try {
    step()
  } catch (error) {
    client.closeBehindAnswers(ownError(error))
  }
}

/** What is reported of an error that is nobody's but ours: with its stack, so that it can be found. */
export function ownError(error: unknown): string {
  return `an error of this broker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
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
