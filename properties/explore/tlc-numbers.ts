// What TLC says of the TLA+ modules that the abstract specifications follow (KafkaTruncateToHighWatermark, Kip101, Kip279,
// Kip320FirstTry and Kip320 of github.com/hachikuji/kafka-specification), at the same constants: without symmetry, without
// a check for deadlock, one invariant at a time. Asked of TLC built from its sources of April 2026.
import type { SpecName } from './specs.ts'

/**
 * Specification, replicas, LogSize, MaxRecords, MaxLeaderEpoch; distinct states and depth of the whole graph; length of the
 * shortest counter-example to WeakIsr and to StrongIsr, in states, or null where it holds.
 */
export type TlcRow = readonly [SpecName, number, number, number, number, number, number, number | null, number | null]

export const tlcRows: readonly TlcRow[] = [
  ['truncate-to-high-watermark', 2, 2, 2, 1, 1251, 16, 9, 10],
  ['truncate-to-high-watermark', 2, 2, 2, 2, 10131, 20, 9, 10],
  ['truncate-to-high-watermark', 2, 3, 3, 2, 37667, 25, 9, 10],
  ['truncate-to-high-watermark', 2, 2, 3, 3, 127269, 25, 9, 10],
  ['truncate-to-high-watermark', 3, 1, 1, 1, 10681, 17, 9, 9],
  ['truncate-to-high-watermark', 3, 2, 2, 1, 67807, 21, 9, 9],
  ['kip-101', 2, 2, 2, 1, 1177, 15, null, null],
  ['kip-101', 2, 2, 2, 2, 9045, 18, 12, 12],
  ['kip-101', 2, 3, 3, 2, 32933, 21, 12, 12],
  ['kip-101', 2, 2, 3, 3, 105575, 22, 12, 12],
  ['kip-101', 3, 1, 1, 1, 9841, 18, null, 12],
  ['kip-101', 3, 2, 2, 1, 59788, 22, null, 12],
  ['kip-279', 2, 2, 2, 1, 1177, 15, null, null],
  ['kip-279', 2, 2, 2, 2, 9027, 18, null, null],
  ['kip-279', 2, 3, 3, 2, 32713, 21, null, null],
  ['kip-279', 2, 2, 3, 3, 103171, 22, null, null],
  ['kip-279', 3, 1, 1, 1, 9841, 18, null, 12],
  ['kip-279', 3, 2, 2, 1, 60106, 22, null, 12],
  ['kip-320-first-try', 2, 2, 2, 1, 1165, 15, null, null],
  ['kip-320-first-try', 2, 2, 2, 2, 8429, 18, null, null],
  ['kip-320-first-try', 2, 3, 3, 2, 30737, 22, null, null],
  ['kip-320-first-try', 2, 2, 3, 3, 99501, 23, null, null],
  ['kip-320-first-try', 3, 1, 1, 1, 9661, 18, null, null],
  ['kip-320-first-try', 3, 2, 2, 1, 59092, 22, null, null],
  ['kip-320', 2, 2, 2, 1, 957, 15, null, null],
  ['kip-320', 2, 2, 2, 2, 5973, 18, null, null],
  ['kip-320', 2, 3, 3, 2, 21493, 22, null, null],
  ['kip-320', 2, 2, 3, 3, 60845, 23, null, null],
  ['kip-320', 3, 1, 1, 1, 6787, 18, null, null],
  ['kip-320', 3, 2, 2, 1, 39619, 22, null, null],
]

/**
 * With 3 replicas and LogSize, MaxRecords and MaxLeaderEpoch 2: specification; distinct states and depth; length of the
 * shortest counter-example to either invariant.
 */
export const largeTlcRows: readonly (readonly [SpecName, number, number, number | null])[] = [
  ['truncate-to-high-watermark', 1_988_158, 28, 9],
  ['kip-101', 1_613_089, 26, 11],
  ['kip-279', 1_616_461, 26, 11],
  ['kip-320-first-try', 1_437_076, 28, 12],
  ['kip-320', 737_794, 26, null],
]
