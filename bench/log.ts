// How fast the log takes and gives bytes, on files and in memory: `node bench/log.ts [rounds]`.
//
// Rounds of the two disks are interleaved, so that both meet the same noise; the table shows the slowest, the median
// and the fastest round. Checksums are verified on append, as in the broker; nothing is synced but at rolls.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HostDisk } from '../impl/host/disk.ts'
import { encodeUnplacedBatch } from '../impl/log/codec.ts'
import { crc32c, crc32cSliced } from '../impl/log/crc32c.ts'
import { openLog } from '../impl/log/open.ts'
import type { Disk } from '../impl/ports/disk.ts'
import type { LogConfig } from '../model/vocabulary/log.ts'
import { SimulatedDisk } from '../properties/simulation/disk.ts'

const rounds = Number(process.argv[2] ?? 7)
const config: LogConfig = {
  segmentBytes: 64 * 1024 * 1024,
  indexIntervalBytes: 4096,
  maxMessageBytes: 10 * 1024 * 1024,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 0,
}
/** Shapes of a produce request: records in a batch, and bytes of a value. */
const shapes = [
  { records: 1, valueBytes: 100, batches: 100_000 },
  { records: 10, valueBytes: 100, batches: 60_000 },
  { records: 160, valueBytes: 100, batches: 6_000 },
  { records: 1000, valueBytes: 1000, batches: 100 },
]

const results = new Map<string, number[]>()
const workload = new Map<string, { bytes: number; records: number }>()

for (let round = 0; round <= rounds; round++) {
  for (const shape of shapes) {
    const folder = mkdtempSync(join(tmpdir(), 'log-bench-'))
    run('files', new HostDisk(folder), shape, round)
    rmSync(folder, { recursive: true })
    run('memory', new SimulatedDisk(), shape, round)
  }
  checksums(round)
}
for (const [name, seconds] of results) {
  const { bytes, records } = workload.get(name) ?? { bytes: 0, records: 0 }
  const sorted = seconds.toSorted((a, b) => b - a)
  const picked = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)]
  const perSecond = (amount: number): string =>
    picked.map(time => (amount / (time ?? Number.NaN)).toFixed(amount === bytes / 1e6 ? 0 : 2)).join(' / ')
  console.log(
    `${name.padEnd(44)} ${perSecond(bytes / 1e6).padStart(20)} MB/s ${perSecond(records / 1e6).padStart(24)} M records/s`,
  )
}

function run(place: string, disk: Disk, shape: (typeof shapes)[number], round: number): void {
  const { records, valueBytes, batches } = shape
  const value = 'v'.repeat(valueBytes)
  const plain = encodeUnplacedBatch({
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    records: Array.from({ length: records }, (_, i) => ({ key: `key-${i}`, value, timestamp: 1_700_000_000_000 + i })),
  })
  const name = `${place}, ${records} x ${valueBytes} B (${plain.length} B a batch)`
  const total = { bytes: plain.length * batches, records: records * batches }

  const log = openLog(disk, 't-0', config)
  measure(`append to ${name}`, round, total, () => {
    for (let i = 0; i < batches; i++) log.appendAsLeader(plain, 0)
  })
  measure(`read from ${name}`, round, total, () => {
    for (let offset = 0; offset < log.logEndOffset; ) {
      const { bytes } = log.read(offset, log.logEndOffset, 1_048_576)
      offset += (bytes.length / plain.length) * records
    }
  })
  log.close()
}

function checksums(round: number): void {
  for (const size of [64, 128, 256, 512, 1024, 16_384]) {
    const bytes = new Uint8Array(size).fill(7)
    const count = Math.ceil(4e6 / size)
    const total = { bytes: size * count, records: count }
    measure(`crc32c of ${size} B, sliced`, round, total, () => {
      for (let i = 0; i < count; i++) crc32cSliced(bytes)
    })
    measure(`crc32c of ${size} B, as used`, round, total, () => {
      for (let i = 0; i < count; i++) crc32c(bytes)
    })
  }
}

function measure(name: string, round: number, total: { bytes: number; records: number }, step: () => void): void {
  const start = performance.now()
  step()
  const seconds = (performance.now() - start) / 1000
  // Round 0 warms up.
  if (round === 0) return
  workload.set(name, total)
  results.set(name, [...(results.get(name) ?? []), seconds])
}
