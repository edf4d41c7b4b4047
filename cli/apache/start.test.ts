// Starts real Apache Kafkas where one can be had: it is fetched in CI, and elsewhere only used when it is there already.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { WireClient } from '../../impl/host/testing/wire-client.ts'
import { installKafka, isInstalled } from './install.ts'
import { type RunningKafka, startKafka } from './start.ts'
import { heldAgainst } from './version.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

const whyNot = await reasonToSkip()
const slow = { timeout: 180_000 }

async function reasonToSkip(): Promise<string> {
  if (!process.env.CI && !isInstalled(heldAgainst)) return 'not fetched yet: node cli/apache/install.ts'
  return installKafka(heldAgainst).then(
    () => '',
    (error: unknown) => (error instanceof Error && error.name === 'UsageError' ? error.message : Promise.reject(error)),
  )
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.skipIf(whyNot !== '')(
  `Apache Kafka ${heldAgainst}${whyNot === '' ? '' : ` (skipped: ${whyNot})`}`,
  slow,
  () => {
    test.each([1, 3])('comes up with %d brokers, serves, and goes', async brokers => {
      const kafka = await startKafka({ version: heldAgainst, brokers, folder: join(folder, `kept-${brokers}`) })
      try {
        expect([kafka.version, kafka.pids.length, kafka.bootstrap.split(',').length]).toEqual([
          heldAgainst,
          brokers,
          brokers,
        ])
        const client = new WireClient(kafka.bootstrap.split(',')[0] ?? '')
        expect((await client.metadata()).brokers.length).toBe(brokers)
        await client.createTopic('t', 1, brokers)
        client.close()
      } finally {
        await kafka.stop()
      }
      expect(kafka.pids.filter(isAlive)).toEqual([])
      expect(existsSync(join(folder, `kept-${brokers}`, 'broker-1', 'data'))).toBe(true)
    })

    test('does not outlive whoever started it, and leaves no folder', async () => {
      const script = join(folder, 'starter.ts')
      const started: Pick<RunningKafka, 'pids'> = await new Promise((resolve, reject) => {
        const module = JSON.stringify(join(import.meta.dirname, 'start.ts'))
        const options = JSON.stringify({ version: heldAgainst, brokers: 1 })
        writeFileSync(
          script,
          `const { startKafka } = await import(${module})\n` +
            `console.log(JSON.stringify(await startKafka(${options})))\nsetInterval(() => {}, 1000)\n`,
        )
        const starter = spawn(process.execPath, [script], {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, TMPDIR: folder },
        })
        starter.once('exit', code => reject(new Error(`the starter ended with ${code}`)))
        createInterface(starter.stdout).once('line', line => {
          starter.kill('SIGKILL')
          resolve(JSON.parse(line))
        })
      })
      expect(started.pids.length).toBe(1)
      const left = (): readonly string[] => readdirSync(folder).filter(name => name.startsWith('lockstep-apache-'))
      await expect.poll(() => [started.pids.filter(isAlive), left()], { timeout: 30_000 }).toEqual([[], []])
    })

    test('that does not come up says what it last said', async () => {
      const start = (properties: Readonly<Record<string, string>>): Promise<RunningKafka> =>
        startKafka({ version: heldAgainst, brokers: 1, properties })
      await expect(start({ 'log.retention.ms': 'soon' })).rejects.toThrow(
        /cannot format its storage: .*Invalid value soon for configuration log\.retention\.ms/,
      )
      await expect(start({ 'authorizer.class.name': 'no.such.Authorizer' })).rejects.toThrow(
        /did not come up: broker 1 ended with exit code 1\. It last said:\n(broker 1: .*\n)*.*no\.such\.Authorizer/,
      )
    })
  },
)
