// Text as it may be looked at: what would be invisible, or would turn its surroundings around, stands there as a sign of its
// own. A page puts all of its data through `legible` once, before anything is drawn, so that no component can forget to.
import type { Json } from '../../film/film.ts'

/** Control characters as Unicode's pictures of them; direction marks, joiners and lone surrogates by their number. */
export function legibleText(text: string): string {
  return text.replace(unseen, sign)
}

/**
 * Every text in it, names of fields included. Equal objects stay equal. Texts in a field of `withLines` may have lines.
 */
export function legible(value: Json, withLines: ReadonlySet<string> = new Set()): Json {
  const known = new WeakMap<object, Json>()
  const turned = (one: Json, keepsLines: boolean): Json => {
    if (typeof one === 'string') return keepsLines ? one.split('\n').map(legibleText).join('\n') : legibleText(one)
    if (one === null || typeof one !== 'object') return one
    const before = known.get(one)
    if (before !== undefined) return before
    const after = isArray(one)
      ? one.map(item => turned(item, false))
      : Object.fromEntries(
          Object.entries(one).map(([name, held]) => [legibleText(name), turned(held, withLines.has(name))]),
        )
    known.set(one, after)
    return after
  }
  return turned(value, false)
}

/** At most so many characters, the last of them `…` when some were left out. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`
}

// Categories: control, format (direction marks, joiners, tags), line and paragraph separators, lone surrogates, private use.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
