// A cluster that cannot start says why and leaves nothing behind: no open port, no lock, nothing that keeps a process alive.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Cluster } from './cluster.ts'

let data = ''

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'failed-start-'))
})
afterEach(() => rmSync(data, { recursive: true }))

test('a broker whose log cannot be read ends the start of all, and all ports are closed', async () => {
  const first = await Cluster.start({ brokers: 3, data })
  await first.stop()
  mkdirSync(join(data, 'broker-2/strange-0'))
  writeFileSync(join(data, 'broker-2/strange-0/00000000000000000000.log'), '')
  const before = await openPorts()
  await expect(Cluster.start({ brokers: 3, data })).rejects.toThrow('strange-0 has lost its settings')
  expect(await openPorts()).toBe(before)

  rmSync(join(data, 'broker-2/strange-0'), { recursive: true })
  const again = await Cluster.start({ brokers: 3, data })
  await again.stop()
})

test('a log that a kill left with half a file of settings and nothing else is none', async () => {
  const first = await Cluster.start({ brokers: 1, data })
  await first.stop()
  mkdirSync(join(data, 'broker-1/made-0'))
  writeFileSync(join(data, 'broker-1/made-0/topic-settings.tmp'), '{"ver')
  const again = await Cluster.start({ brokers: 1, data })
  await again.createTopic('made')
  expect(again.broker(1)?.broker.replica('made', 0)?.log.logEndOffset).toBe(0)
  await again.stop()
})

/** A closed handle is counted until the event loop has come round. */
async function openPorts(): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 10))
  return process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length
}
