// Names of nodes: `b1` brokers, `p1` producers, `c1` consumers, `ctl` the controller.
import type { ClusterSetup, Endpoint } from '../vocabulary/cluster.ts'
import type { BrokerId } from '../vocabulary/units.ts'

export const endpointOfController: Endpoint = 'ctl'

export function endpointOfBroker(brokerId: BrokerId): Endpoint {
  return `b${brokerId}`
}

/** Every endpoint of a cluster, in name order. */
export function endpointsOf(setup: ClusterSetup): readonly Endpoint[] {
  const named = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)
  return [
    ...named('b', setup.brokers),
    ...named('c', setup.consumers),
    endpointOfController,
    ...named('p', setup.producers),
  ].sort((a, b) => (a < b ? -1 : 1))
}
