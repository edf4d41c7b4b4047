import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameAssembler, FrameError } from './frame-assembler.ts'

/** Short enough to be compared by thousands. */
function digest(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}

function framed(...bodies: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    bodies.flatMap(body => {
      const size = Buffer.alloc(4)
      size.writeInt32BE(body.length)
      return [size, Buffer.from(body)]
    }),
  )
}

test('however a stream is cut, its frames come out as they went in, also when their memory is used again', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40, size: 'max' })
  fc.assert(
    fc.property(bodies, cuts, fc.boolean(), (sent, lengths, done) => {
      const assembler = new FrameAssembler(1000, 'max')
      const stream = framed(...sent)
      const seen: string[] = []
      for (let at = 0, i = 0; at < stream.length; i++) {
        const length = lengths[i % lengths.length] ?? 1
        assembler.take(Buffer.from(stream.subarray(at, at + length)), frame => {
          seen.push(digest(frame))
          return done
        })
        at += length
      }
      expect(seen).toEqual(sent.map(digest))
      expect(assembler.held).toBe(0)
    }),
  )
})

test('the same frames come out when bytes are received into the space that is offered', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300_000, size: 'max' }), { maxLength: 3 })
  fc.assert(
    fc.property(
      bodies,
      fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1 }),
      fc.boolean(),
      (sent, lengths, done) => {
        const assembler = new FrameAssembler(1_000_000, 'max')
        const stream = framed(...sent)
        const seen: string[] = []
        for (let at = 0, i = 0; at < stream.length; i++) {
          const space = assembler.space()
          const count = Math.min(space.length, lengths[i % lengths.length] ?? 1, stream.length - at)
          stream.copy(space, 0, at, at + count)
          assembler.arrived(count, frame => {
            seen.push(digest(frame))
            return done
          })
          at += count
        }
        expect(seen).toEqual(sent.map(digest))
        expect(assembler.held).toBe(0)
      },
    ),
    { numRuns: 20 },
  )
})

test('a large size costs nothing before its bytes arrive', () => {
  const assembler = new FrameAssembler(100_000_000, 'max')
  const before = process.memoryUsage().arrayBuffers
  const header = Buffer.alloc(10)
  header.writeInt32BE(99_000_000)
  assembler.take(header, () => true)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  expect(assembler.held).toBe(6)
})

test.each([
  [
    'too large',
    Buffer.from([0, 1, 0, 0, 0]),
    /a frame of 65536 bytes is larger than socket.request.max.bytes=1000: raise/,
  ],
  ['negative', Buffer.from([255, 255, 255, 254]), /a frame cannot have -2 bytes/],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), /this is an HTTP request/],
  ['TLS', Buffer.from([0x16, 3, 1, 2, 0]), /this is a TLS handshake/],
])('a stream that is %s is refused in a sentence', (_, bytes, sentence) => {
  const assembler = new FrameAssembler(1000, 'socket.request.max.bytes')
  expect(() => assembler.take(bytes, () => true)).toThrow(FrameError)
  expect(() => new FrameAssembler(1000, 'socket.request.max.bytes').take(bytes, () => true)).toThrow(sentence)
})
