import fc from 'fast-check'
import { expect, test } from 'vitest'
import { murmur2, utf8Bytes } from './murmur2.ts'

test('murmur2 gives the hashes of the UtilsTest of Kafka', () => {
  const hashes: Record<string, number> = {
    '21': -973932308,
    foobar: -790332482,
    'a-little-bit-long-string': -985981536,
    'a-little-bit-longer-string': -1486304829,
    lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    abc: 479470107,
  }
  for (const [text, hash] of Object.entries(hashes)) expect([text, murmur2(utf8Bytes(text))]).toEqual([text, hash])
})

test('a text has the UTF-8 bytes that every encoder gives it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(utf8Bytes(text)).toEqual([...new TextEncoder().encode(text)])
    }),
  )
  expect(utf8Bytes('\ud800')).toEqual([0xef, 0xbf, 0xbd])
})
