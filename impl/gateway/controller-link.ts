// The gateway's way to the controller. Any broker takes what is for the controller and hands it on (KIP-590).
import type { Administration } from '../controller/administration.ts'
import type { KafkaErrorName } from '../wire/errors.ts'
import { type ClientSession, guarded } from './session.ts'

/** The controller as one broker reaches it. */
export interface ControllerLink {
  /**
   * Lets the controller do something. `done` is called when it has, and this broker has heard of it, so that a client
   * that asks the same broker next sees what it did; `failed` when the controller could not be reached in time.
   */
  ask<Result>(
    step: (administration: Administration) => Result,
    done: (result: Result) => void,
    failed: (error: KafkaErrorName) => void,
  ): void
}

/** The same link for one client: what goes wrong with an answer, which comes out of a timer, ends this client's connection. */
export function forClient(controller: ControllerLink, client: ClientSession): ControllerLink {
  return {
    ask: (step, done, failed) =>
      controller.ask(
        step,
        result => guarded(client, () => done(result)),
        error => guarded(client, () => failed(error)),
      ),
  }
}
