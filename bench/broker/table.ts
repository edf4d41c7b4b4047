// Numbers of several rounds as text: slowest, median and fastest, and the ratio of two sides.

/** The smallest, the median and the largest; NaN where there is nothing. */
export function spread(numbers: readonly number[]): readonly [number, number, number] {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? Number.NaN
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  return [at(0), median, at(sorted.length - 1)]
}

/** `smallest / median / largest`, each with some decimals, or nothing where there is nothing. */
export function shownSpread(numbers: readonly number[], decimals: number): string {
  if (numbers.length === 0) return ''
  return spread(numbers)
    .map(number => number.toFixed(decimals))
    .join(' / ')
}

/** Ours divided by theirs: the median of the rounds' own ratios, since a round's two sides met the same noise. */
export function shownRatio(ours: readonly number[], theirs: readonly number[]): string {
  const ratios = ours.flatMap((number, round) => {
    const other = theirs[round]
    return other === undefined ? [] : [number / other]
  })
  if (ratios.length === 0) return ''
  const [smallest, median, largest] = spread(ratios)
  return `${median.toFixed(2)} (${smallest.toFixed(2)} to ${largest.toFixed(2)})`
}

/** Lines of a table whose columns are as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
