// The network as the core sees it: one of the only ways out of impl/.
//
// Connections are TCP-like: first in, first out, and an answer is worth nothing once the connection broke on which its
// request came. Sending never fails and never waits; whoever sends learns of a broken connection by an event.
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type {
  GroupRequest as GroupRequestValue,
  GroupResponse as GroupResponseValue,
  Request,
  Response,
} from '../../model/vocabulary/messages.ts'
import type { GroupRequest, GroupResponse, ListGroups, ListGroupsResponse } from '../group/messages.ts'
import type { BrokerPlace, ClusterImage, TopicId } from './image.ts'

/** A request, or the controller's push. Record batches are bytes (format v2), and so is what members of a group say. */
export type WireRequest = Beyond<Exclude<Request<Uint8Array>, GroupRequestValue>> | GroupRequest | ListGroups
/** An answer. */
export type WireResponse = Exclude<Response<Uint8Array>, GroupResponseValue> | GroupResponse | ListGroupsResponse
/** A message that carries record batches as bytes (format v2): none, one or more, one behind the other. */
export type Wire = WireRequest | WireResponse

/**
 * A request with what the vocabulary leaves out, absent where nobody has set it: where a broker listens, which life of
 * its name a topic is. A topic id that is given must be the receiver's too, or the request is about another topic.
 */
type Beyond<Sent extends Request<Uint8Array>> = Sent extends { readonly kind: 'Fetch' | 'AlterPartition' }
  ? Sent & { readonly topicId?: TopicId }
  : Sent extends { readonly kind: 'BrokerRegistration' }
    ? Sent & { readonly place?: BrokerPlace }
    : Sent extends { readonly kind: 'MetadataUpdate' }
      ? Omit<Sent, 'image'> & { readonly image: ClusterImage }
      : Sent

/** Where a request came from: the endpoint, and the number of the connection to it at that time. */
export type Requester = { readonly endpoint: Endpoint; readonly connection: number }

/** Sends messages between endpoints. */
export interface Network {
  /** Puts a request on the present connection. */
  send(from: Endpoint, to: Endpoint, request: WireRequest): void
  /** Answers on the connection on which the request came; lost when that is broken by now. */
  respond(from: Endpoint, to: Endpoint, connection: number, response: WireResponse): void
}

/** Name of the controller's endpoint. */
export const controllerEndpoint: Endpoint = 'ctl'

/** Name of a broker's endpoint. */
export function brokerEndpoint(brokerId: number): Endpoint {
  return `b${brokerId}`
}
