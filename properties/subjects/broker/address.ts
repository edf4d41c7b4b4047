// Where a broker is, as text.

/** Whether a text is `HOST:PORT`. */
export function isAddress(text: string): boolean {
  const port = Number(/^.+:(\d{1,5})$/.exec(text)?.[1] ?? Number.NaN)
  return port >= 1 && port <= 65_535
}

/** What is said of a text that is none. */
export function noAddressText(text: string): string {
  return `"${text}" is no address: give HOST:PORT, such as localhost:9092`
}

/** The texts of a bootstrap list. */
export function listedIn(bootstrap: string): readonly string[] {
  return bootstrap.split(',').map(text => text.trim())
}
