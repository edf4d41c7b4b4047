// `lockstep serve` as a process: what it says to wrong arguments, and that it comes and goes cleanly.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireClient } from '../impl/host/testing/wire-client.ts'
import { encodeUnplacedBatch } from '../impl/log/codec.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-serve-'))
const here = { cwd: folder }
const minute = { timeout: 60_000 }
const launcher = join(import.meta.dirname, 'lockstep.js')
let taken: Server
let takenPort = 0

beforeAll(async () => {
  writeFileSync(join(folder, 'nobody.txt'), '# nobody yet\n\n')
  writeFileSync(join(folder, 'users.txt'), '# some\nalice:secret\n\n bob:with:colon \n')
  writeFileSync(join(folder, 'nonsense.pem'), 'nonsense')
  makeCertificate('one')
  makeCertificate('other')
  taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  takenPort = (taken.address() as { port: number }).port
})
afterAll(() => {
  taken.close()
  rmSync(folder, { recursive: true })
})

function makeCertificate(name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`]
  const args = ['req', '-x509', '-days', '1', ...key, '-out', `${name}.pem`, '-subj', '/CN=localhost']
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
}

/** A serving process. */
class Serving {
  readonly #child: ReturnType<typeof spawn>
  stdout = ''
  stderr = ''
  readonly #ended: Promise<number | null>

  constructor(...args: readonly string[]) {
    const env = { ...process.env, NO_COLOR: '1', TMPDIR: folder }
    this.#child = spawn(process.execPath, [launcher, 'serve', '--port', '0', ...args], { cwd: folder, env })
    this.#child.stdout?.on('data', (text: Buffer) => {
      this.stdout += String(text)
    })
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.stderr += String(text)
    })
    this.#ended = new Promise(resolve => this.#child.on('close', resolve))
  }

  async ready(): Promise<string> {
    await expect.poll(() => this.stderr, { timeout: 20_000 }).toContain('ready: ')
    return /ready: ([^;]+);/.exec(this.stderr)?.[1] ?? ''
  }

  deaf(): void {
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return await this.#ended
  }
}

describe('what cannot be served', minute, () => {
  test.each([
    [['--brokers', '0'], 'Give a whole number from 1 to 100.'],
    [['--port', 'x'], 'Give a whole number from 0 to 65535.'],
    [['--port', '65535', '--brokers', '3'], 'port must be a whole number from 0 to 65533, and is 65535'],
    [['--brokers', '2', '--replication-factor', '3'], 'replicationFactor must be a whole number from 1 to 2, and is 3'],
    [['--topic-default', 'retention.ms'], '"retention.ms" is not --topic-default NAME=VALUE.'],
    [['--topic-default', 'no.such=1'], 'no.such'],
    [['--topic-default', 'retention.ms=soon'], 'retention.ms'],
    [['--user', 'alice'], '"alice" is not --user NAME:PASSWORD.'],
    [['--user', ':secret'], '":secret" is not --user NAME:PASSWORD.'],
    [['--users', 'none.txt'], 'cannot read the file of --users: ENOENT'],
    [['--users', 'nobody.txt'], 'nobody.txt has no users: write NAME:PASSWORD, one a line.'],
    [['--tls-cert', 'one.pem'], 'TLS needs both --tls-cert FILE and --tls-key FILE'],
    [['--tls-cert', 'none.pem', '--tls-key', 'one.key'], 'cannot read the file of --tls-cert: ENOENT'],
    [['--tls-cert', 'nonsense.pem', '--tls-key', 'one.key'], 'nonsense.pem and one.key are no certificate and its key'],
    [['--tls-cert', 'one.pem', '--tls-key', 'other.key'], 'one.pem and other.key are no certificate and its key'],
    [['--max-connections', '0'], 'Give a whole number from 1 to'],
    [['--host', 'no.such.host.invalid'], 'cannot listen on no.such.host.invalid:'],
    [['--data', 'users.txt'], 'users.txt'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lockstep(
      ['serve', ...(args[0] === '--port' ? [] : ['--port', '0']), ...args],
      here,
    )
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('a port that is in use, which leaves nothing behind', async () => {
    const { code, stderr } = await lockstep(['serve', '--port', `${takenPort}`, '--data', 'unborn'], here)
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${takenPort}: it is in use; choose another with --port`)
    expect([code, existsSync(join(folder, 'unborn/.lock.1'))]).toEqual([2, false])
  })

  test('a folder that is in use', async () => {
    const first = new Serving('--data', 'used')
    await first.ready()
    const { code, stderr } = await lockstep(['serve', '--port', '0', '--data', 'used'], here)
    expect(stderr).toMatch(/used is in use by process \d+: stop that one, or give another folder with --data/)
    expect(code).toBe(2)
    expect(await first.end('SIGTERM')).toBe(0)
  })
})

describe('serving', minute, () => {
  test('says where, keeps the data, and ends with 0 at each signal', async () => {
    let kept = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const serving = new Serving('--brokers', '2', '--data', 'kept', '--json')
      const bootstrap = await serving.ready()
      const { ready, bootstrap: told, pid } = lastJson({ code: null, stdout: serving.stdout, stderr: '' })
      expect([ready, told, typeof pid]).toEqual([true, bootstrap, 'number'])
      expect(serving.stderr).toContain('2 brokers ready: ')
      expect(serving.stderr).toContain('; data in kept')
      const client = new WireClient(bootstrap)
      if (kept === 0) await client.createTopic('t', 1, 2)
      const plain = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
      const batch = encodeUnplacedBatch({ ...plain, records: [{ key: 'k', value: signal, timestamp: 1 }] })
      expect(await client.produce('t', 0, batch)).toBe(kept++)
      client.close()
      expect(await serving.end(signal)).toBe(0)
      expect(serving.stderr).toContain('stopped')
      expect(existsSync(join(folder, 'kept/.lock.1'))).toBe(false)
    }
  })

  test('of a temporary folder leaves nothing, also when it is ended while it starts', async () => {
    const serving = new Serving()
    await serving.ready()
    expect(serving.stderr).toContain('nothing is kept (give --data DIR to keep it)')
    const temporary = (): readonly string[] => readdirSync(folder).filter(name => /^lockstep-......$/.test(name))
    expect(temporary().length).toBe(1)
    expect(await serving.end('SIGINT')).toBe(0)
    expect(temporary()).toEqual([])
    const early = new Serving()
    await expect.poll(temporary, { timeout: 20_000, interval: 5 }).not.toEqual([])
    expect(await early.end('SIGINT')).toBe(0)
    expect(temporary()).toEqual([])
  })

  test('goes on when nobody reads what it says', async () => {
    const serving = new Serving('--data', 'deaf')
    const bootstrap = await serving.ready()
    serving.deaf()
    const [host = '', port = ''] = bootstrap.split(':')
    for (let k = 0; k < 3; k++) {
      const answer = await fetch(`http://${host}:${port}/`).catch(() => 'closed')
      expect(answer).toBe('closed')
    }
    const client = new WireClient(bootstrap)
    expect((await client.metadata()).brokers.length).toBe(1)
    client.close()
    expect(await serving.end('SIGTERM')).toBe(0)
  })

  test('a lock of a process that was killed counts for nothing', async () => {
    const killed = new Serving('--data', 'killed')
    await killed.ready()
    const holder = readFileSync(join(folder, 'killed/.lock.1'), 'utf8')
    expect(await killed.end('SIGKILL')).toBe(null)
    expect(readFileSync(join(folder, 'killed/.lock.1'), 'utf8')).toBe(holder)
    const again = new Serving(
      '--data',
      'killed',
      '--users',
      'users.txt',
      '--tls-cert',
      'one.pem',
      '--tls-key',
      'one.key',
    )
    await again.ready()
    expect(await again.end('SIGTERM')).toBe(0)
  })
})
