// The links between the nodes: TCP as a protocol sees it. Messages between two endpoints arrive in order or not at all; a
// broken connection loses what was in flight, except what the other side had read already, which may be processed late.
// Leaves out bytes, ports and flow control. Notes: docs/protocol/cluster.md §1.
import type { Endpoint } from './vocabulary/cluster.ts'
import type { MessageValue, RecordsValue, Request, Response } from './vocabulary/messages.ts'

/** A message and the number of the connection under which it was sent. */
export type Envelope = { readonly connection: number; readonly message: MessageValue }

/** One direction between two endpoints. */
export type Link = {
  /** `from>to`. */
  readonly name: string
  readonly from: Endpoint
  readonly to: Endpoint
  /** Counts the connections that this pair of endpoints has lost; the same in both directions. */
  readonly connection: number
  readonly cut: boolean
  /** Oldest first. */
  readonly queue: readonly Envelope[]
  /** Requests of broken connections that were read and are still to be processed, oldest first. */
  readonly late: readonly Envelope[]
}

/** All directions: for each endpoint, in name order, the links from it to each endpoint, in name order. */
export type Network = { readonly endpoints: readonly Endpoint[]; readonly links: readonly (readonly Link[])[] }

/** Whom a response goes to: an endpoint, by the connection on which its request came. */
export type Requester = { readonly endpoint: Endpoint; readonly connection: number }

/** What a node wants sent. A response to a connection that is gone is lost. */
export type Send =
  | { readonly kind: 'request'; readonly to: Endpoint; readonly message: Request<RecordsValue> }
  | { readonly kind: 'respond'; readonly to: Requester; readonly message: Response<RecordsValue> }

/** No messages, nothing cut. `endpoints` in name order. */
export function quietNetwork(endpoints: readonly Endpoint[]): Network {
  const links = endpoints.map(from =>
    endpoints.map((to): Link => ({ name: `${from}>${to}`, from, to, connection: 0, cut: false, queue: [], late: [] })),
  )
  return { endpoints, links }
}

/** The link from one endpoint to another, or null when either is unknown or both are the same. */
export function linkBetween(network: Network, from: Endpoint, to: Endpoint): Link | null {
  if (from === to) return null
  const { endpoints, links } = network
  return links[endpoints.indexOf(from)]?.[endpoints.indexOf(to)] ?? null
}

/** Appends what a node sends to its links, in order. */
export function sendAll(network: Network, from: Endpoint, sends: readonly Send[]): Network {
  let after = network
  for (const send of sends) {
    const to = send.kind === 'request' ? send.to : send.to.endpoint
    const link = linkBetween(after, from, to)
    if (link === null || (send.kind === 'respond' && send.to.connection !== link.connection)) continue
    const envelope = { connection: link.connection, message: send.message }
    after = withLink(after, link, { ...link, queue: [...link.queue, envelope] })
  }
  return after
}

/** Takes the head of a link's queue off. */
export function withoutHead(network: Network, link: Link): Network {
  return withLink(network, link, { ...link, queue: link.queue.slice(1) })
}

/** Takes the head of a link's late list off. */
export function withoutLateHead(network: Network, link: Link): Network {
  return withLink(network, link, { ...link, late: link.late.slice(1) })
}

/**
 * The connection between two endpoints is gone, and with it what was in flight both ways. With `late`, requests count as
 * read: they may still be processed, but nobody hears the answer.
 */
export function brokenConnection(network: Network, a: Endpoint, b: Endpoint, late: boolean): Network {
  let after = network
  for (const link of [linkBetween(network, a, b), linkBetween(network, b, a)]) {
    if (link === null) continue
    const read = late ? link.queue.filter(({ message }) => isRequest(message)) : []
    after = withLink(after, link, {
      ...link,
      connection: link.connection + 1,
      queue: link.queue.length === 0 ? link.queue : [],
      late: read.length === 0 ? link.late : [...link.late, ...read],
    })
  }
  return after
}

/** Forgets what `to` had read but not processed: it died. */
export function withoutLateTo(network: Network, to: Endpoint): Network {
  return withLinks(network, link => (link.to === to && link.late.length > 0 ? { ...link, late: [] } : link))
}

/** Cuts or heals one direction; what is queued stays. */
export function withCut(network: Network, link: Link, cut: boolean): Network {
  return withLink(network, link, { ...link, cut })
}

/** Heals every cut; the same network if there is none. */
export function healed(network: Network): Network {
  return withLinks(network, link => (link.cut ? { ...link, cut: false } : link))
}

/** Requests, and the controller's pushes, are what a node may process though the sender is gone. */
export function isRequest(message: MessageValue): message is Request<RecordsValue> {
  return !message.kind.endsWith('Response')
}

function withLink(network: Network, before: Link, after: Link): Network {
  const { endpoints, links } = network
  const row = endpoints.indexOf(before.from)
  const fromHere = links[row] ?? []
  return { endpoints, links: links.with(row, fromHere.with(endpoints.indexOf(before.to), after)) }
}

/** Every link changed; rows that did not change are the same, and so is a network that did not. */
function withLinks(network: Network, change: (link: Link) => Link): Network {
  const links = network.links.map(row => {
    const changed = row.map(change)
    return changed.every((link, i) => link === row[i]) ? row : changed
  })
  return links.every((row, i) => row === network.links[i]) ? network : { ...network, links }
}
