// Text from outside in the report's formats stays text.

/** Text as XML content or as an attribute. What XML 1.0 cannot hold at all is shown as a replacement character. */
export function xmlText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // A parser would turn them into spaces in an attribute.
      .replaceAll('\t', '&#9;')
      .replaceAll('\n', '&#10;')
      .replaceAll('\r', '&#13;')
  )
}

/** Text as Markdown in one line. */
export function markdownText(text: string): string {
  return text.replace(/[\\|<>*_`[\]#&~]/g, '\\$&').replace(/[\r\n]+/g, ' ')
}

/** Lines as they are, in a fence that is longer than any in them. */
export function fenced(lines: readonly string[]): readonly string[] {
  const ticks = lines.flatMap(line => Array.from(line.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, ...ticks.map(length => length + 1)))
  return [`${fence}text`, ...lines.flatMap(line => line.split(/\r\n|[\r\n]/)), fence]
}
