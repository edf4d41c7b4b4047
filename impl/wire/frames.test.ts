// Frames byte by byte, written by hand from the protocol's grammar, and what is wrong with others.

import { describe, expect, test } from 'vitest'
import { apiVersions } from './apis/api-versions.ts'
import { brokerHeartbeat } from './apis/broker-heartbeat.ts'
import { describeTopicPartitions } from './apis/describe-topic-partitions.ts'
import { fetch } from './apis/fetch.ts'
import { listOffsets } from './apis/list-offsets.ts'
import { metadata } from './apis/metadata.ts'
import { produce } from './apis/produce.ts'
import { decodeRequestBody, decodeResponse, encodeRequest, encodeResponse, readRequestHeader } from './frames.ts'
import { defaultsOf, type RequestOf, zeroUuid } from './schema.ts'
import { WireError } from './wire-error.ts'

describe('a request header', () => {
  test('of a flexible version has a client id with a two-byte length, and tagged fields behind it', () => {
    const frame = bytes('0012 0003 00000007 0002 6162 01 05 02 ffff  04 6b6361 02 31 00')
    const header = readRequestHeader(frame)
    expect(header).toEqual({ apiKey: 18, apiVersion: 3, correlationId: 7, clientId: 'ab', bodyAt: 17 })
    expect(decodeRequestBody(apiVersions, 3, frame, header.bodyAt)).toEqual({
      clientSoftwareName: 'kca',
      clientSoftwareVersion: '1',
    })
  })

  test('of an older version has none', () => {
    const frame = bytes('0003 0000 00000007 ffff 00000001 0001 74')
    const header = readRequestHeader(frame)
    expect(header).toEqual({ apiKey: 3, apiVersion: 0, correlationId: 7, clientId: null, bodyAt: 10 })
    expect(decodeRequestBody(metadata, 0, frame, 10)).toEqual({
      ...defaultsOf(metadata.request),
      topics: [{ topicId: zeroUuid, name: 't' }],
    })
  })

  test('of an API or version that is unknown tells what can be told', () => {
    const unknownVersion = { apiKey: 18, apiVersion: 9, correlationId: 7, clientId: 'c', bodyAt: -1 }
    expect(readRequestHeader(bytes('0012 0009 00000007 0001 63 ffffff'))).toEqual(unknownVersion)
    const unknownApi = { apiKey: 999, apiVersion: -1, correlationId: -2, clientId: null, bodyAt: -1 }
    expect(readRequestHeader(bytes('03e7 ffff fffffffe'))).toEqual(unknownApi)
    expect(readRequestHeader(bytes('03e7 ffff fffffffe 7fff 00'))).toEqual(unknownApi)
  })

  test('that is cut off is an error', () => {
    expect(() => readRequestHeader(bytes('0012 0003 000000'))).toThrow(WireError)
    expect(() => readRequestHeader(bytes('0012 0003 00000007 0002 61'))).toThrow(WireError)
    expect(() => readRequestHeader(bytes('0012 0003 00000007 0001 61 01 05'))).toThrow(WireError)
  })
})

describe('a response', () => {
  test('has tagged fields in its header in flexible versions', () => {
    const body = { ...defaultsOf(metadata.response), clusterId: 'k', controllerId: 1 }
    const frame = '00000016 00000007 00 00000000 01 02 6b 00000001 01 80000000 00'
    expect(hex(encodeResponse(metadata, 9, 7, body))).toBe(hex([bytes(frame)]))
    expect(hex(encodeResponse(metadata, 1, 7, body))).toBe(
      '00000010' + '00000007' + '00000000' + '00000001' + '00000000',
    )
  })

  test('to ApiVersions has none, so that a client can read it before it knows the broker', () => {
    const body = { ...defaultsOf(apiVersions.response), apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] }
    const frame = '00000013 00000007 0000 02 0012 0000 0004 00 00000000 00'
    expect(hex(encodeResponse(apiVersions, 3, 7, body))).toBe(hex([bytes(frame)]))
    expect(decodeResponse(apiVersions, 3, bytes(frame).subarray(4))).toEqual({ correlationId: 7, body, surplus: 0 })
  })

  test('with bytes behind its body is refused, or read as clients read it', () => {
    const body = { ...defaultsOf(apiVersions.response), apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }] }
    const frame = bytes('00000007 0000 02 0012 0000 0004 00 00000000 00 0000')
    expect(() => decodeResponse(apiVersions, 3, frame)).toThrow('2 bytes follow the body')
    expect(decodeResponse(apiVersions, 3, frame, 'ignored')).toEqual({ correlationId: 7, body, surplus: 2 })
  })
})

describe('tagged fields', () => {
  const { request } = brokerHeartbeat
  const start = '00000001 0000000000000002 0000000000000003 00 00'

  test('are written in the order of their tags, and only when they are not their default', () => {
    const body = { ...defaultsOf(request), brokerId: 1, brokerEpoch: 2, currentMetadataOffset: 3 }
    expect(bodyHex(body)).toBe(hex([bytes(`${start} 00`)]))
    expect(bodyHex({ ...body, cordonedLogDirs: [] })).toBe(hex([bytes(`${start} 01 01 01 01`)]))
    const uuid = '00112233445566778899aabbccddeeff'
    const both = { ...body, offlineLogDirs: [uuid], cordonedLogDirs: [] }
    expect(bodyHex(both)).toBe(hex([bytes(`${start} 02 00 11 02 ${uuid} 01 01 01`)]))
  })

  test('that are unknown are skipped', () => {
    const frame = bytes(`${start} 02 01 01 01 ff0f 03 010203`)
    expect(decodeRequestBody(brokerHeartbeat, 2, frame, 0).cordonedLogDirs).toEqual([])
  })

  test('must be as long as they say', () => {
    const longer = bytes(`${start} 01 01 02 01 00`)
    expect(() => decodeRequestBody(brokerHeartbeat, 2, longer, 0)).toThrow('cordonedLogDirs: 1 bytes are left of tag 1')
    const shorter = bytes(`${start} 01 01 00 01`)
    expect(() => decodeRequestBody(brokerHeartbeat, 2, shorter, 0)).toThrow('cordonedLogDirs: 1 bytes are needed')
  })

  function bodyHex(body: RequestOf<typeof brokerHeartbeat>): string {
    // After the size come ten bytes of header without a client id, and its empty tagged fields.
    return hex(encodeRequest(brokerHeartbeat, 2, 7, null, body)).slice(2 * (4 + 10 + 1))
  }
})

describe('batches', () => {
  const batch = new Uint8Array(5000).fill(1)
  const body = {
    ...defaultsOf(produce.request),
    topicData: [{ name: 't', topicId: zeroUuid, partitionData: [{ index: 0, records: batch }] }],
  }

  test('are chunks of their own when they are large, and not copied', () => {
    const chunks = encodeRequest(produce, 9, 7, null, body)
    expect(chunks.map(chunk => chunk.length)).toEqual([4 + 10 + 1 + 1 + 2 + 4 + 1 + 2 + 1 + 4 + 2, 5000, 3])
    expect(chunks[1]).toBe(batch)
  })

  test('may make a frame of many megabytes', () => {
    const records = new Uint8Array(0x1234567)
    const large = { ...body, topicData: [{ name: 't', topicId: zeroUuid, partitionData: [{ index: 0, records }] }] }
    const [first] = encodeRequest(produce, 9, 7, null, large)
    // As with the small batch, 28 bytes without the size come before it and 3 behind, but its length takes two more.
    expect(first?.subarray(0, 4).toHex()).toBe((0x1234567 + 28 + 2 + 3).toString(16).padStart(8, '0'))
  })

  test('are copied when they are small', () => {
    const records = batch.subarray(0, 4095)
    const small = { ...body, topicData: [{ name: 't', topicId: zeroUuid, partitionData: [{ index: 0, records }] }] }
    expect(encodeRequest(produce, 9, 7, null, small)).toHaveLength(1)
  })

  test('are views into the frame that they are decoded from', () => {
    const frame = Buffer.concat(encodeRequest(produce, 9, 7, null, body)).subarray(4)
    const decoded = decodeRequestBody(produce, 9, frame, readRequestHeader(frame).bodyAt)
    const records = decoded.topicData[0]?.partitionData[0]?.records
    expect(records?.buffer).toBe(frame.buffer)
    expect(records).toEqual(batch)
  })

  test('frames stay what they were while others are encoded', () => {
    const frames = Array.from({ length: 300 }, (_, k) => encodeRequest(produce, 9, k, `client ${k}`, body))
    const headers = frames.map(chunks => readRequestHeader(Buffer.concat(chunks).subarray(4)))
    expect(headers.map(header => header.correlationId)).toEqual(frames.map((_, k) => k))
    expect(headers.map(header => header.clientId)).toEqual(frames.map((_, k) => `client ${k}`))
  })
})

describe('an int64 beyond 2^53 - 1 is read as 2^53 - 1', () => {
  test.each([
    ['7fffffffffffffff', Number.MAX_SAFE_INTEGER],
    ['0020000000000000', Number.MAX_SAFE_INTEGER],
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['001ffffffffffffe', Number.MAX_SAFE_INTEGER - 1],
    ['00000000ffffffff', 0xffffffff],
    ['ffffffffffffffff', -1],
    ['ffe0000000000001', Number.MIN_SAFE_INTEGER],
    ['ffe0000000000000', Number.MIN_SAFE_INTEGER],
    ['8000000000000000', Number.MIN_SAFE_INTEGER],
  ])('%s', (timestamp, expected) => {
    const frame = bytes(`ffffffff 00000001 0001 74 00000001 00000000 ${timestamp}`)
    expect(decodeRequestBody(listOffsets, 1, frame, 0).topics[0]?.partitions[0]?.timestamp).toBe(expected)
  })
})

describe('an error says where and what', () => {
  test.each([
    ['a truncated field', '0000 0001', 'timeoutMs: 4 bytes are needed, but 0 are left, at byte 4'],
    ['a negative count', 'ffff 0001 00000000 fffffffe', 'topicData: -2 elements, at byte 8'],
    ['a count that is too large', 'ffff 0001 00000000 00000002 0001', 'topicData: 2 elements of at least 6 bytes, but'],
    ['a null that is not allowed', 'ffff 0001 00000000 ffffffff', 'topicData: it is null, which this version does not'],
    ['a negative length', 'fffe 0001', 'transactionalId: a length of -2, at byte 0'],
    ['a length that is too large', '0005 0001', 'transactionalId: 5 bytes, but 2 are left, at byte 0'],
    ['bytes behind the body', 'ffff 0001 00000000 00000000 00', '1 bytes follow the body, at byte 12'],
    [
      'a fault deep within',
      'ffff 0001 00000000 00000001 0001 74 00000001 00000000 00000009',
      'topicData[0].partitionData[0].records: 9 bytes, but 0 are left, at byte 23',
    ],
  ])('%s', (_name, frame, message) => {
    expect(() => decodeRequestBody(produce, 3, bytes(frame), 0)).toThrow(message)
    expect(() => decodeRequestBody(produce, 3, bytes(frame), 0)).toThrow(WireError)
  })

  test('a varint that goes on', () => {
    expect(() => decodeRequestBody(produce, 9, bytes('8080808080 01'), 0)).toThrow(
      'transactionalId: the varint is longer',
    )
    expect(() => decodeRequestBody(produce, 9, bytes('ffffffff1f'), 0)).toThrow('transactionalId: the varint is longer')
    expect(() => decodeRequestBody(produce, 9, bytes('ffffffff0f'), 0)).toThrow(
      'a string of 4294967294 bytes is longer',
    )
  })

  test('a value that the version cannot hold', () => {
    const defaults = defaultsOf(produce.request)
    expect(() => encodeRequest(produce, 3, 7, null, { ...defaults, acks: 40_000 })).toThrow(
      'acks: 40000 is not an int16',
    )
    expect(() => encodeRequest(metadata, 0, 7, null, { ...defaultsOf(metadata.request), topics: null })).toThrow(
      'topics: it is null, which this version does not allow',
    )
    for (const topicId of [
      'T',
      ...['/', ':', '`', 'g', 'A'].map(digit => `${digit}${'0'.repeat(31)}`),
      '0'.repeat(33),
    ]) {
      const topicData = [{ name: 't', topicId, partitionData: [] }]
      const encode = () => encodeRequest(produce, 13, 7, null, { ...defaults, topicData })
      expect(encode).toThrow(`topicData[0].topicId: ${topicId} is not a uuid of 32 hex digits`)
    }
    expect(() => encodeRequest(produce, 14, 7, null, defaults)).toThrow('Produce has no version 14')
    expect(() => encodeRequest(produce, 3, 7, 'x'.repeat(0x8000), defaults)).toThrow(
      'a string of 32768 bytes is longer',
    )
  })
})

test('a message that cannot be written leaves nothing behind for the next', () => {
  const body = defaultsOf(produce.request)
  const before = hex(encodeRequest(produce, 3, 7, null, body))
  expect(() => encodeRequest(produce, 3, 7, 'c', { ...body, timeoutMs: Number.NaN })).toThrow(WireError)
  expect(hex(encodeRequest(produce, 3, 7, null, body))).toBe(before)
  const records = new Uint8Array(5000)
  const topicData = [
    {
      name: 't',
      topicId: zeroUuid,
      partitionData: [
        { index: 0, records },
        { index: 0.5, records },
      ],
    },
  ]
  expect(() => encodeRequest(produce, 3, 7, 'c', { ...body, topicData })).toThrow('topicData[0].partitionData[1].index')
  expect(hex(encodeRequest(produce, 3, 7, null, body))).toBe(before)
})

test('a struct that may be null has a byte before it that says so', () => {
  const body = { ...defaultsOf(describeTopicPartitions.request), responsePartitionLimit: 1 }
  const header = 2 * (4 + 10 + 1)
  const encoded = (cursor: typeof body.cursor) =>
    hex(encodeRequest(describeTopicPartitions, 0, 7, null, { ...body, cursor })).slice(header)
  expect(encoded(null)).toBe(hex([bytes('01 00000001 ff 00')]))
  expect(encoded({ topicName: 't', partitionIndex: 2 })).toBe(hex([bytes('01 00000001 01 02 74 00000002 00 00')]))
})

test('the same text is the same text after decoding, whatever it is made of', () => {
  for (const rackId of [
    '',
    'a',
    'ä',
    '\u007f',
    '\u0080',
    '\u07ff\u0800',
    'x'.repeat(126),
    'x'.repeat(127),
    'x'.repeat(0x7fff),
    '\ufeffx',
    '😀',
    'x'.repeat(64),
    'x'.repeat(65),
    `${'x'.repeat(127)}ä`,
  ]) {
    for (const version of [11, 12]) {
      const frame = Buffer.concat(encodeRequest(fetch, version, 7, rackId, { ...defaultsOf(fetch.request), rackId }))
      const { clientId, bodyAt } = readRequestHeader(frame.subarray(4))
      expect(clientId).toBe(rackId)
      expect(decodeRequestBody(fetch, version, frame.subarray(4), bodyAt).rackId).toBe(rackId)
    }
  }
})

function bytes(digits: string): Uint8Array {
  return Uint8Array.fromHex(digits.replaceAll(' ', ''))
}

function hex(chunks: readonly Uint8Array[]): string {
  return chunks.map(chunk => chunk.toHex()).join('')
}
