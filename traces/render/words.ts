// The words that sequences are written in: bare where that is unambiguous, quoted as JSON text otherwise.

/** A key, value or name: `a` bare, `"a b"` quoted, `null` for none. */
export function word(text: string | null): string {
  if (text === null) return 'null'
  return /^[A-Za-z0-9._-]+$/.test(text) && text !== 'null' && text !== 'draw' ? text : JSON.stringify(text)
}

/** `k=v` with a key, `v` without. */
export function recordWord(record: { readonly key: string | null; readonly value: string | null }): string {
  return record.key === null ? word(record.value) : `${word(record.key)}=${word(record.value)}`
}

/** `t/0`. */
export function partitionWord(at: { readonly topic: string; readonly partition: number }): string {
  return `${at.topic}/${at.partition}`
}

/** Items between commas; `-` for none. */
export function listed(items: readonly (string | number)[]): string {
  return items.length === 0 ? '-' : items.join(',')
}

/** `b1,b2`; `-` for none. */
export function brokersWord(ids: readonly number[]): string {
  return listed(ids.map(id => `b${id}`))
}

/** Text cut to `length` characters, with an ellipsis where something was left out. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** `3 → 4`, or only `4` when there was nothing before; '' when it stayed. */
export function change(label: string, before: string | number | undefined, after: string | number): string {
  if (before === after) return ''
  return before === undefined ? `${label} ${after}` : `${label} ${before} → ${after}`
}

/** `who: what, what`, or nothing. */
export function sentence(who: string, ...what: readonly string[]): readonly string[] {
  const said = what.filter(part => part !== '')
  return said.length === 0 ? [] : [`${who}: ${said.join(', ')}`]
}
