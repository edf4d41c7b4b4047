// The buffer below the codec, where chunks and slabs end.

import { expect, test } from 'vitest'
import { Writer } from './writer.ts'

const slabBytes = 64 * 1024

test('a size that is put in front is right wherever the slab ends', () => {
  const wrong: number[] = []
  for (let left = 0; left <= 40; left++) {
    const writer = new Writer()
    for (let bytes = slabBytes - left; bytes > 0; bytes -= 1024) writer.bytes(new Uint8Array(Math.min(bytes, 1024)))
    writer.finish()
    writer.int32(7)
    writer.string('t'.repeat(20), true)
    const from = writer.length
    writer.string('abc', true)
    writer.insertSize(from)
    writer.int32(8)
    const hex = writer.finish().map(chunk => chunk.toHex())
    if (hex.join('|') !== `0000000715${'74'.repeat(20)}040461626300000008`) wrong.push(left)
  }
  expect(wrong).toEqual([])
})
