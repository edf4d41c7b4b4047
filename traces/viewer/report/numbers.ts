// Numbers as people read them.

/** `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** `37 %` of something; `under 1 %` is not nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–'
  const percent = (100 * part) / whole
  if (part > 0 && percent < 1) return 'under 1 %'
  return `${part < whole && percent > 99 ? 'over 99' : Math.round(percent)} %`
}

export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}
