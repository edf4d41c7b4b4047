// Which messages there were, and what became of each: kept by looking at the links again and again. A link is a queue, so what
// is missing at its head is gone, and what stands behind the rest is new. Why something is gone follows from what was done.
import type { ClusterObservation, ClusterOperation, Endpoint, LinkObservation } from '../../model/vocabulary/cluster.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'
import { asJson } from './drawn.ts'
import type { Message, Moment } from './film.ts'
import { messageWords } from './message-words.ts'
import { refusalIn, refusalOf } from './refusals.ts'
import type { Part } from './unfold.ts'

type Open = {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly message: MessageValue
  readonly sent: Moment
  /** Its place among all messages. */
  readonly index: number
}

type Links = ClusterObservation['links']

/** Every message that is ever seen on a link of the model. */
export class Ledger {
  readonly #messages: Message[] = []
  readonly #queues = new Map<string, readonly Open[]>()
  readonly #late = new Map<string, readonly Open[]>()
  #before: ClusterObservation

  constructor(start: ClusterObservation, at: Moment) {
    this.#before = { ...start, links: {} }
    this.saw({ operation: { kind: 'healAll' }, after: start }, at)
  }

  /** By the moment of sending; those that are under way are `waiting`. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** Takes in what a part of an operation did to the links. */
  saw({ operation, after }: Part, at: Moment): void {
    const before = this.#before
    for (const name of namesOf(before.links, after.links)) {
      const now = after.links[name]
      if (before.links[name] === now) continue
      this.#takeOff(name, now, { operation, before, after }, at)
    }
    // Only when all are taken off is it certain who answered whom: so what is new comes last.
    for (const name of namesOf(before.links, after.links)) {
      const now = after.links[name]
      if (before.links[name] !== now && now !== undefined) this.#append(name, now, at)
    }
    this.#before = after
  }

  #takeOff(name: string, now: LinkObservation | undefined, seen: Seen, at: Moment): void {
    const queue = this.#queues.get(name) ?? []
    const late = this.#late.get(name) ?? []
    const gone = queue.slice(0, queue.length - keptOf(queue, now?.messages ?? []))
    this.#queues.set(name, queue.slice(gone.length))
    const lateNow = now?.late ?? []
    const lateGone = late.slice(0, late.length - keptOf(late, lateNow))
    const lateKept = late.slice(lateGone.length)
    const becameLate: Open[] = []
    for (const [place, open] of gone.entries()) {
      if (place === 0 && isDelivery(name, seen)) this.#delivered(open, seen, at)
      else if (isAllDelivered(seen.operation)) this.#delivered(open, seen, at)
      else if (lateNow.includes(open.message, lateKept.length)) {
        becameLate.push(open)
        this.#end(open, { ended: null, fate: 'late', why: `${whyLost(open, seen)}; it was read before` })
      } else this.#end(open, { ended: at, fate: 'lost', why: whyLost(open, seen) })
    }
    for (const [place, open] of lateGone.entries()) {
      if (place === 0 && isLateDelivery(name, seen)) {
        const error = refusalOf(open.message, newOn(`${open.to}>${open.from}`, seen))
        this.#end(open, { ended: at, fate: 'late', why: error ?? 'its connection broke after it was read' })
      } else this.#end(open, { ended: at, fate: 'lost', why: whyUnprocessed(open, seen) })
    }
    this.#late.set(name, [...lateKept, ...becameLate])
  }

  #append(name: string, now: LinkObservation, at: Moment): void {
    const kept = this.#queues.get(name) ?? []
    const added = now.messages.slice(kept.length).map((message): Open => {
      const { from, to } = now
      const index = this.#messages.length
      const what = { from, to, kind: message.kind, text: messageWords(message), value: asJson(message) }
      this.#messages.push({ ...what, sent: at, ended: null, fate: 'waiting', why: null })
      return { from, to, message, sent: at, index }
    })
    this.#queues.set(name, [...kept, ...added])
  }

  #delivered(open: Open, seen: Seen, at: Moment): void {
    const error = refusalIn(open.message) ?? refusalOf(open.message, newOn(`${open.to}>${open.from}`, seen))
    this.#end(open, { ended: at, fate: error === null ? 'delivered' : 'refused', why: error })
  }

  #end({ index }: Open, end: Pick<Message, 'ended' | 'fate' | 'why'>): void {
    const message = this.#messages[index]
    if (message !== undefined) this.#messages[index] = { ...message, ...end }
  }
}

type Seen = Part & { readonly before: ClusterObservation }

function namesOf(before: Links, after: Links): ReadonlySet<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)])
}

/** How many at the end of what was there stand at the beginning of what is there. */
function keptOf(before: readonly Open[], now: readonly MessageValue[]): number {
  for (let gone = 0; gone < before.length; gone += 1) {
    if (before.slice(gone).every(({ message }, place) => message === now[place])) return before.length - gone
  }
  return 0
}

/** The head of this link reached somebody who was there. */
function isDelivery(name: string, { operation, before }: Seen): boolean {
  if (operation.kind !== 'deliver' || name !== `${operation.from}>${operation.to}`) return false
  return before.brokers[operation.to]?.status !== 'down'
}

/** The head of what was read on this link is processed; what else is gone then died with who halted at it. */
function isLateDelivery(name: string, { operation }: Seen): boolean {
  return operation.kind === 'deliverLate' && name === `${operation.from}>${operation.to}`
}

/** What was not unfolded delivers everything that it takes off. */
function isAllDelivered({ kind }: ClusterOperation): boolean {
  return kind === 'settle' || kind === 'elapse'
}

/** What a link has now and had not before. */
function newOn(name: string, { before, after }: Seen): readonly MessageValue[] {
  const old = before.links[name]?.messages ?? []
  return (after.links[name]?.messages ?? []).filter(message => !old.includes(message))
}

/** Why a connection is gone. */
function whyLost({ from, to }: Open, seen: Seen): string {
  const { operation, before, after } = seen
  const dead = [to, from].find(name => after.brokers[name]?.status === 'down')
  if (dead !== undefined) return before.brokers[dead]?.status === 'down' ? `${dead} is down` : `${dead} went down`
  const stopped = [to, from].find(name => isStopped(name, seen))
  if (stopped !== undefined) return `${stopped} was stopped`
  if (operation.kind === 'killClient') return `${operation.client} was killed`
  return 'its connection broke'
}

/** Why nobody will process what was read: whoever had read it is gone, also where it is back at once. */
function whyUnprocessed({ to }: Open, seen: Seen): string {
  return `${to} ${isStopped(to, seen) ? 'was stopped' : 'went down'} before it was processed`
}

/** A restart stops a broker that is up first. */
function isStopped(name: Endpoint, { operation, before }: Seen): boolean {
  return operation.kind === 'restart' && name === `b${operation.broker}` && before.brokers[name]?.status !== 'down'
}
