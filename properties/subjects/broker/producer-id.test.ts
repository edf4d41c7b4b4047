import { expect, test } from 'vitest'
import * as header from '../../../impl/log/batch.ts'
import { initProducerId } from '../../../impl/wire/apis/init-producer-id.ts'
import { decodeResponse, encodeResponse } from '../../../impl/wire/frames.ts'
import { clientBatch } from './batches.ts'
import { initExactProducerId, withProducerId } from './producer-id.ts'

test.each([0, 5])('an id is read as InitProducerId %d has it, and more of it than a number holds', version => {
  const body = { throttleTimeMs: 0, errorCode: 0, producerId: 7 * 2 ** 32 + 9, producerEpoch: 3 }
  const frame = Buffer.concat(encodeResponse(initProducerId, version, 1, body)).subarray(4)
  const read = decodeResponse(initExactProducerId, version, frame).body
  expect(read).toEqual({ throttleTimeMs: 0, errorCode: 0, high: 7, low: 9, producerEpoch: 3 })
})

test('two ids beyond 2^53 stay two in a batch, whose checksum fits', () => {
  const records = [{ key: null, value: 'a', timestamp: 1 }]
  const idOf = (low: number): bigint => {
    const plain = clientBatch({ producerId: -1, producerEpoch: 0, baseSequence: 0, records }, 'gzip')
    const batch = withProducerId(plain, { high: 0x7fffffff, low })
    const view = header.viewOf(batch)
    expect(header.isSound(batch, view, 0, batch.length)).toBe(true)
    return view.getBigInt64(header.field.producerId)
  }
  expect([idOf(-1), idOf(-2)]).toEqual([2n ** 63n - 1n, 2n ** 63n - 2n])
})
