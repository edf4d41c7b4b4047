// Messages move when the sequence says so: one, a late one, or all of them fairly until the cluster is quiet.
// Notes: docs/protocol/cluster.md §1.3 to §1.7.
import { synced } from '../log/disk.ts'
import { type Link, linkBetween, withoutHead, withoutLateHead } from '../network.ts'
import { withLog } from '../replica/state.ts'
import type { Endpoint } from '../vocabulary/cluster.ts'
import { broken, received } from './nodes.ts'
import { type ClusterState, type Node, nodeNamed, withBroker, withNetwork, withNode } from './state.ts'

/** A `settle` that has not come to rest by then stops. */
const settleMessagesMax = 10_000

/** The head of one queue is delivered, or refused by a process that is not there; null if there is none to deliver. */
export function delivered(cluster: ClusterState, from: Endpoint, to: Endpoint): ClusterState | null {
  const link = linkBetween(cluster.network, from, to)
  return link === null || !isDeliverable(cluster, link) ? null : deliverHead(cluster, link)
}

/** The head of one late list is processed; null if there is none. */
export function deliveredLate(cluster: ClusterState, from: Endpoint, to: Endpoint): ClusterState | null {
  const link = linkBetween(cluster.network, from, to)
  const envelope = link?.late[0]
  const status = nodeNamed(cluster, to)?.status
  if (link === null || envelope === undefined || status === 'paused' || status === 'down') return null
  return received(withNetwork(cluster, withoutLateHead(cluster.network, link)), from, to, envelope)
}

/** Everything that can be delivered is, in rounds; before, what was to be synced is. */
export function settled(start: ClusterState): { readonly cluster: ClusterState; readonly messages: number } {
  let cluster = syncAll(start)
  const endpoints = cluster.network.endpoints.length
  let messages = 0
  let isQuiet = false
  while (!isQuiet) {
    isQuiet = true
    for (let from = 0; from < endpoints; from += 1) {
      for (let to = 0; to < endpoints; to += 1) {
        // Looked up in the cluster as it is now: deliveries before this one may have filled the link.
        const link = cluster.network.links[from]?.[to]
        if (link === undefined || !isDeliverable(cluster, link)) continue
        if (messages >= settleMessagesMax) return { cluster, messages }
        cluster = deliverHead(cluster, link)
        messages += 1
        isQuiet = false
      }
    }
  }
  return { cluster, messages }
}

/** What a broker has asked its disks to sync is synced. */
export function syncedNode(node: Node): Node {
  if (node.status === 'down') return node
  if (node.broker.replicas.every(({ log }) => log.pendingFlush === null)) return node
  const replicas = node.broker.replicas.map(replica => withLog(replica, synced(replica.log).log))
  return withBroker(node, { ...node.broker, replicas })
}

function syncAll(cluster: ClusterState): ClusterState {
  return cluster.nodes.reduce((so, node) => withNode(so, syncedNode(node)), cluster)
}

function isDeliverable(cluster: ClusterState, link: Link): boolean {
  return link.queue.length > 0 && !link.cut && nodeNamed(cluster, link.to)?.status !== 'paused'
}

function deliverHead(cluster: ClusterState, link: Link): ClusterState {
  if (nodeNamed(cluster, link.to)?.status === 'down') return broken(cluster, link.from, link.to, false)
  const envelope = link.queue[0]
  if (envelope === undefined) return cluster
  return received(withNetwork(cluster, withoutHead(cluster.network, link)), link.from, link.to, envelope)
}
