// How a broker of this process reaches the controller of this process for clients' wishes. The link is disturbed as the
// messages between them are: cut, it lets nothing through; slow, it lets everything wait.

import type { MetadataOffset } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { Administration } from '../controller/administration.ts'
import type { ControllerLink } from '../gateway/controller-link.ts'
import { ownError } from '../gateway/session.ts'
import { DiskFailure } from '../ports/disk.ts'
import { brokerEndpoint, controllerEndpoint } from '../ports/network.ts'
import type { KafkaErrorName } from '../wire/errors.ts'
import type { ControllerNode } from './controller-node.ts'
import type { PeerDirectory } from './peers.ts'

/** How long a wish may take, and how often it is looked whether the way is open or the broker has heard. */
const patienceMs = 5000
const lookMs = 5
/** Nobody has to wait for a broker that is cut off or dying. */
const patienceWithOthersMs = 300

/**
 * A link for one broker; `controller` gives the controller that runs now. `othersHeard` says whether the other brokers
 * have heard of everything up to an offset: a client that is told of a topic by one broker may ask another one next.
 */
export function controllerLink(
  broker: Broker,
  directory: PeerDirectory,
  controller: () => ControllerNode | null,
  othersHeard: (metadataOffset: MetadataOffset) => boolean,
  report: (problem: string) => void,
): ControllerLink {
  const own = brokerEndpoint(broker.brokerId)
  const isOpen = (): boolean =>
    controller() !== null && !directory.isCut(own, controllerEndpoint) && !directory.isCut(controllerEndpoint, own)
  return {
    ask<Result>(
      step: (administration: Administration) => Result,
      done: (result: Result) => void,
      failed: (error: KafkaErrorName) => void,
    ): void {
      const attempt = (administration: Administration): { readonly of: Result } | 'broken' => {
        try {
          return { of: step(administration) }
        } catch (error) {
          if (error instanceof DiskFailure) throw error
          report(ownError(error))
          return 'broken'
        }
      }
      const delay = directory.delayOf(own, controllerEndpoint) + directory.delayOf(controllerEndpoint, own)
      const begin = (): void =>
        waitUntil(isOpen, isInTime => {
          const node = controller()
          const result = isInTime ? (node?.administer(attempt) ?? null) : null
          if (node === null || result === null || result === 'broken') {
            failed(result === 'broken' ? 'UNKNOWN_SERVER_ERROR' : 'REQUEST_TIMED_OUT')
            return
          }
          const { metadataOffset } = node.controller.image
          waitUntil(
            () => broker.metadataOffset >= metadataOffset,
            () =>
              waitUntil(
                () => othersHeard(metadataOffset),
                () => done(result.of),
                patienceWithOthersMs,
              ),
          )
        })
      if (delay > 0) setTimeout(begin, delay)
      else begin()
    },
  }
}

/** Looks again and again, not for ever; `then` is told whether it came true in time. */
function waitUntil(condition: () => boolean, then: (isTrue: boolean) => void, patience = patienceMs): void {
  if (condition()) {
    then(true)
    return
  }
  const until = performance.now() + patience
  const timer = setInterval(() => {
    const isTrue = condition()
    if (!isTrue && performance.now() < until) return
    clearInterval(timer)
    then(isTrue)
  }, lookMs)
  // A process that is done does not go on for who waits here.
  timer.unref()
}
