// Which ids a broker has handed out to which client. The k-th distinct id that client c1 was told is `c1#k`.

/** The ids of one run. */
export class MemberBook {
  readonly #ofClient = new Map<string, string[]>()
  readonly #symbols = new Map<string, string>()
  readonly #reals = new Map<string, string>()

  /** Notes that `client` was told the id `real`, and gives its symbol. An id that was told before keeps its symbol. */
  told(client: string, real: string): string {
    const known = this.#symbols.get(real)
    if (known !== undefined || real === '') return known ?? ''
    const ids = this.#ofClient.get(client) ?? []
    ids.push(real)
    this.#ofClient.set(client, ids)
    const symbol = `${client}#${ids.length}`
    this.#symbols.set(real, symbol)
    this.#reals.set(symbol, real)
    return symbol
  }

  /** The symbol of an id; `client#?` of one that nobody was told, or `#?` when its client is not known either. */
  symbol(real: string, client: string | null = null): string {
    if (real === '') return ''
    return this.#symbols.get(real) ?? `${client ?? ''}#?`
  }

  /** All ids that were told to somebody. */
  get all(): readonly string[] {
    return [...this.#symbols.keys()]
  }

  /** Whether somebody was told this id. */
  has(real: string): boolean {
    return this.#symbols.has(real)
  }

  /** What is sent for a symbol: the id, '' for '', and for what was never handed out an id that nobody has. */
  real(symbol: string): string {
    return symbol === '' ? '' : (this.#reals.get(symbol) ?? `nobody-has-${symbol.replace(/[^\w.-]/g, '-')}`)
  }
}
