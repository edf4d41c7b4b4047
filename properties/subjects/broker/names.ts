// The names of one run: short symbols on this side, names on the broker that no other run has. What is illegal stays
// illegal, and what is too long stays as long as it was.
import { randomBytes } from 'node:crypto'

/** The longest name that a topic may have. */
const topicBytesMax = 249
/** Names from here on keep their length: the beginning of the name is replaced, and not put before it. */
const longName = 150

/** One name space per start of a subject. */
export class Names {
  /** What every name of this run begins with. */
  readonly prefix: string
  readonly #symbols = new Map<string, string>()

  constructor(runPrefix: string) {
    this.prefix = `${runPrefix}-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}-`
  }

  /** The name of a topic or group on the broker. '' and names that are illegal as a whole stay what they are. */
  real(symbol: string): string {
    if (symbol === '' || symbol === '.' || symbol === '..') return symbol
    const isLong = symbol.length >= longName && symbol.length <= topicBytesMax
    const real = this.prefix + (isLong ? symbol.slice(this.prefix.length) : symbol)
    this.#symbols.set(real, symbol)
    return real
  }

  /** The symbol of a name on the broker; null for one that is not this run's. */
  symbol(real: string): string | null {
    const known = this.#symbols.get(real)
    if (known !== undefined) return known
    return real.startsWith(this.prefix) ? real.slice(this.prefix.length) : null
  }

  /** As `symbol`; a foreign name is shown as it is, since no symbol has its beginning. */
  shown(real: string): string {
    return this.symbol(real) ?? real
  }

  /** The client id of a client, by which a broker shows whose member it is. */
  clientId(client: string): string {
    return this.prefix + client
  }

  /** The client whose id this is; null when it is not this run's. */
  client(clientId: string): string | null {
    return clientId.startsWith(this.prefix) ? clientId.slice(this.prefix.length) : null
  }
}
