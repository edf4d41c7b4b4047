// The film in a page that the command wrote.
import { unpacked } from '../../traces/film/packed.ts'

/** What the page's data element holds, unpacked. Throws when there is none. */
export function unpackedIn(page: string): unknown {
  const data = /<script[^>]*type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(page)?.[1]
  if (data === undefined) throw new Error('the page has no data')
  return unpacked(data)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
