// Requests of members that may be answered long after they were sent, by something that others do. Every answer is kept
// until an operation takes it along.
import type { joinGroup } from '../../../impl/wire/apis/join-group.ts'
import type { syncGroup } from '../../../impl/wire/apis/sync-group.ts'
import type { ResponseOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'

/** An answer as it came, with the name of the group on the broker. */
export type Answer =
  | (To & { readonly to: 'join'; readonly body: ResponseOf<typeof joinGroup> })
  | (To & { readonly to: 'sync'; readonly body: ResponseOf<typeof syncGroup> })
  | (To & { readonly to: 'heartbeat' | 'leave' | 'commit'; readonly code: number })

type To = { readonly client: string; readonly group: string }

type Asked = { readonly order: number; readonly client: string }

/** What one run's members wait for. */
export class Waiting {
  #order = 0
  readonly #asked = new Set<Asked>()
  readonly #arrived: (Asked & { readonly answer: Answer })[] = []
  #failure: unknown = null
  #wake: () => void = () => {}

  /** Notes a request that was sent; its answer is taken along when it has come. */
  sent(client: string, answer: Promise<Answer>): void {
    const asked: Asked = { order: this.#order++, client }
    this.#asked.add(asked)
    answer.then(
      arrived => {
        this.#asked.delete(asked)
        this.#arrived.push({ ...asked, answer: arrived })
        this.#wake()
      },
      (error: unknown) => {
        this.#asked.delete(asked)
        this.#failure ??= error
        this.#wake()
      },
    )
  }

  /** Notes an answer that has come at once. */
  answered(client: string, answer: Answer): void {
    this.#arrived.push({ order: this.#order++, client, answer })
  }

  /**
   * Whether a client still has to be answered: it has asked, and fewer than so many answers to it are there to be taken. An
   * older request may never be answered, because a newer one took its place.
   */
  isWaiting(client: string, answers = 1): boolean {
    const arrived = this.#arrived.filter(answered => answered.client === client).length
    return arrived < answers && [...this.#asked].some(asked => asked.client === client)
  }

  /**
   * Waits until each of these has an answer (as many as it stands there), or `ms` have passed. Throws what went wrong on a
   * connection.
   */
  async until(clients: readonly string[], ms: Milliseconds): Promise<void> {
    const end = performance.now() + ms
    const counts = new Map<string, number>()
    for (const client of clients) counts.set(client, (counts.get(client) ?? 0) + 1)
    for (;;) {
      if (this.#failure !== null) throw this.#failure
      const left = end - performance.now()
      const isAnybody = [...counts].some(([client, count]) => this.isWaiting(client, count))
      if (!isAnybody || left <= 0) return
      await this.#somethingComes(left)
    }
  }

  /** All answers that have come, ascending by client, and those to one client in the order in which it asked. */
  take(): readonly Answer[] {
    const arrived = this.#arrived.splice(0)
    arrived.sort((a, b) => (a.client < b.client ? -1 : a.client > b.client ? 1 : a.order - b.order))
    return arrived.map(({ answer }) => answer)
  }

  /** Operations come one after the other, so that only one waits. */
  #somethingComes(withinMs: Milliseconds): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, withinMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
