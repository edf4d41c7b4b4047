import { expect, test } from 'vitest'
import { murmur2 } from './murmur2.ts'

// The vectors of Kafka's UtilsTest.testMurmur2, which every client shares.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s is what the Java client computes', (text, hash) => {
  expect(murmur2(new TextEncoder().encode(text))).toBe(hash)
})

test('murmur2 reads no further than the given length', () => {
  expect(murmur2(new TextEncoder().encode('abcdefg'), 3)).toBe(479470107)
})
