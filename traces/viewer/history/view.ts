// Which part of time is in sight.
import type { HistoryPicture } from '../../history-picture.ts'

/** Milliseconds; `from` is less than `to`. */
export type View = { readonly from: number; readonly to: number }

/** How many times nearer each level is. */
export const zooms: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128]

/** From the first start to the last end. */
export function wholeTime({ operations }: HistoryPicture): View {
  let from = Infinity
  let to = -Infinity
  for (const { start, end } of operations) {
    from = Math.min(from, start)
    to = Math.max(to, end)
  }
  if (from > to) return { from: 0, to: 1 }
  return { from, to: Math.max(to, from + 1) }
}

/** So many times nearer, with a moment in the middle as far as the ends allow. */
export function nearer({ from, to }: View, zoom: number, middle: number): View {
  const length = (to - from) / zoom
  const start = Math.max(from, Math.min(to - length, middle - length / 2))
  return { from: start, to: start + length }
}
