// Where a text stops being JSON. `JSON.parse` says so for some faults only, so this looks for itself, token by token.

type Expected = 'value' | 'first item' | 'key' | 'first key' | 'colon' | 'comma' | 'end'

/** The position of the first character that cannot belong to a JSON text; its length when the text ends too early. */
export function faultAt(text: string): number {
  const token =
    /[ \t\r\n]*("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{},:])/y
  const open: ('[' | '{')[] = []
  let expected: Expected = 'value'
  let position = 0
  while (expected !== 'end') {
    token.lastIndex = position
    const word = token.exec(text)?.[1]
    const next: Expected | null = word === undefined ? null : after(expected, word, open)
    if (word === undefined || next === null) return unfinished(text, skipSpace(text, position))
    position = token.lastIndex
    expected = next
  }
  return skipSpace(text, position)
}

/** What comes after `word`, or null if it must not stand here. `open` holds the brackets around. */
function after(expected: Expected, word: string, open: ('[' | '{')[]): Expected | null {
  const isString = word.startsWith('"')
  switch (expected) {
    case 'first key':
      if (word === '}') return close(open)
      return isString ? 'colon' : null
    case 'key':
      return isString ? 'colon' : null
    case 'colon':
      return word === ':' ? 'value' : null
    case 'first item':
      return word === ']' ? close(open) : value(word, open)
    case 'value':
      return value(word, open)
    case 'comma': {
      const inObject = open.at(-1) === '{'
      if (word === ',') return inObject ? 'key' : 'value'
      return word === (inObject ? '}' : ']') ? close(open) : null
    }
    case 'end':
      return null
  }
}

function value(word: string, open: ('[' | '{')[]): Expected | null {
  if (word === '[' || word === '{') {
    open.push(word)
    return word === '[' ? 'first item' : 'first key'
  }
  if (/^[\]},:]$/.test(word)) return null
  return open.length === 0 ? 'end' : 'comma'
}

function close(open: ('[' | '{')[]): Expected {
  open.pop()
  return open.length === 0 ? 'end' : 'comma'
}

/** A string that is never closed is a text that ends too early. */
function unfinished(text: string, position: number): number {
  return /^"(?:[^"\\\n]|\\.)*\\?$/.test(text.slice(position)) ? text.length : position
}

function skipSpace(text: string, position: number): number {
  const space = /[ \t\r\n]*/y
  space.lastIndex = position
  space.exec(text)
  return space.lastIndex
}
