import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../impl/host/cluster.ts'
import { exportOfPatched } from '../properties/subjects/patched.ts'
import { plantedBugs } from '../properties/zoo/bugs.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-validate-broker-'))
const here = { cwd: folder }
const minutes = { timeout: 240_000 }
let cluster: Cluster
let wrong: Cluster

beforeAll(async () => {
  cluster = await Cluster.start({ brokers: 3 })
  const bug = plantedBugs.find(({ name }) => name === 'zombie-commits')
  if (bug === undefined) throw new Error('there is no bug zombie-commits')
  const patched = (await exportOfPatched(bug, 'impl/host/cluster.ts', 'Cluster')) as typeof Cluster
  wrong = await patched.start({ brokers: 1 })
})

afterAll(async () => {
  await cluster.stop()
  await wrong.stop()
  rmSync(folder, { recursive: true })
})

describe('a live broker', minutes, () => {
  test('that agrees ends with 0, and the report says what was tried', async () => {
    const args = ['validate', '--broker', cluster.bootstrap, '--runs', '40', '--seed', '3', '--name', 'ours', '--json']
    const ended = await lockstep([...args, '--output', 'ours'], here)
    expect(ended.stderr).toContain('agree: 40 runs')
    expect(ended.code).toBe(0)
    const report = lastJson(ended)
    expect(report).toMatchObject({ subject: 'ours', verdict: 'agree', seed: 3, runs: 40, findings: [], unknown: [] })
    expect(JSON.parse(readFileSync(join(folder, 'ours/report.json'), 'utf8'))).toEqual(report)
    const page = readFileSync(join(folder, 'ours/report.md'), 'utf8')
    expect(page).toContain('# Conformance of ours')
    expect(page).toMatch(/\| Produce \| versions 3 to 13, \d+ of them tried \|/)
    expect(page).toContain(
      '| L4 | too few in sync: not acknowledged | 0 | 0 | 0 | needs replicas that fall out of sync |',
    )
  })

  test('that does not is found out: the trace is small, replays there, and agrees elsewhere', async () => {
    const args = [
      'validate',
      '--broker',
      wrong.bootstrap,
      '--runs',
      '250',
      '--seed',
      '3',
      '--output',
      'wrong',
      '--json',
    ]
    const ended = await lockstep(args, here)
    expect(ended.code).toBe(1)
    const [file = ''] = readdirSync(join(folder, 'wrong')).filter(name => /^service-commit.*\.json$/.test(name))
    const trace = join('wrong', file)
    expect(lastJson(ended)).toMatchObject({ verdict: 'violation', subject: wrong.bootstrap })
    expect(ended.stderr).toContain(`replay   npx lockstep replay ${trace} --subject broker:${wrong.bootstrap}`)
    expect(ended.stderr).toContain(`picture  ${trace.replace('.json', '.html')}`)

    const subject = ['--subject', `broker:${wrong.bootstrap}`]
    const replayed = await lockstep(['replay', trace, ...subject, '--json'], here)
    expect(replayed.code).toBe(1)
    expect(lastJson(replayed)).toMatchObject({ verdict: 'violation', expected: true, scope: 'service' })
    const shown = await lockstep(['show', trace, ...subject, '-o', 'shown.html', '--json'], here)
    expect(lastJson(shown)).toMatchObject({ verdict: 'violation', picture: 'shown.html' })
    expect(shown.code).toBe(0)
    const shrunk = await lockstep(['shrink', trace, ...subject, '-o', 'smaller.json', '--json'], here)
    expect(shrunk.code).toBe(0)
    expect(lastJson(shrunk).operations).toBeLessThanOrEqual(6)

    const right = await Cluster.start({ brokers: 1 })
    try {
      const agreed = await lockstep(['replay', 'smaller.json', '--subject', `broker:${right.bootstrap}`], here)
      expect(agreed.stderr).toContain('agree')
      expect(agreed.code).toBe(0)
      const fine = await lockstep(['shrink', trace, '--subject', `broker:${right.bootstrap}`, '-o', 'none.json'], here)
      expect(fine.stderr).toContain('breaks no claim there, so there is nothing to shrink')
      expect([fine.code, existsSync(join(folder, 'none.json'))]).toEqual([2, false])
    } finally {
      await right.stop()
    }
  })

  test('with findings that are known ends with 0, and says where they are explained', async () => {
    const known = join(folder, 'known.json')
    const report = JSON.parse(readFileSync(join(folder, 'wrong/report.json'), 'utf8'))
    const signatures: string[] = report.findings.map(({ signature }: { readonly signature: string }) => signature)
    writeFileSync(known, JSON.stringify(Object.fromEntries(signatures.map(one => [one, 'our own zoo']))))
    const args = ['validate', '--broker', wrong.bootstrap, '--runs', '250', '--seed', '3', '--known', 'known.json']
    const ended = await lockstep(args, here)
    expect(ended.stderr).toContain('known: our own zoo')
    expect(ended.code).toBe(0)
  })
})

describe('a broker that cannot be validated is unknown, within seconds', minutes, () => {
  const servers: Server[] = []
  const sockets: Socket[] = []
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of servers) server.close()
  })

  async function listening(onConnection: (socket: Socket) => void): Promise<string> {
    const server = createServer(socket => {
      sockets.push(socket)
      socket.on('error', () => {})
      onConnection(socket)
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }

  test.each([
    ['says nothing', () => {}, 'ApiVersions 0 was not answered within 2000 ms'],
    ['hangs up', (socket: Socket) => socket.destroy(), 'closed the connection'],
    ['speaks HTTP', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'HTTP'],
  ])('one that %s', async (_what, onConnection, sentence) => {
    const address = await listening(onConnection)
    const ended = await lockstep(['validate', '--broker', address, '--timeout', '2', '--json'], here)
    expect(ended.stderr).toContain(sentence)
    expect(ended.code).toBe(3)
    expect(lastJson(ended)).toMatchObject({ verdict: 'unknown', runs: 0, findings: [] })
  })

  test('one that is not there', async () => {
    const address = await listening(() => {})
    servers.at(-1)?.close()
    const ended = await lockstep(['validate', '--broker', address, '--json'], here)
    expect(ended.stderr).toMatch(/^unknown {2}cannot connect to 127\.0\.0\.1:\d+: connect ECONNREFUSED/m)
    expect(ended.code).toBe(3)
  })
})

describe('bad usage ends with 2 and says what to do', minutes, () => {
  test.each([
    [['--broker', 'localhost:1', '--kafka', '4.3.1'], 'give one thing to validate'],
    [['--broker', 'localhost:1', '--scope', 'log'], '--scope is for --exec'],
    [['--broker', 'localhost:1', '--brokers', '3'], '--brokers is for --kafka'],
    [['--broker', 'localhost:1', '--known', 'none.json'], '--known none.json cannot be read'],
    [['--broker', 'localhost'], '"localhost" is no address: give HOST:PORT, such as localhost:9092.'],
    [['--broker', 'localhost:9092,localhost:99999'], '"localhost:99999" is no address'],
    [['--exec', 'true', '--known', 'x.json'], '--known is for brokers'],
    [['--kafka', '1.0.0'], 'Apache Kafka 1.0.0 needs ZooKeeper'],
  ])('%j', async (args, sentence) => {
    const ended = await lockstep(['validate', ...args], here)
    expect(ended.stderr).toContain(sentence)
    expect(ended.code).toBe(2)
  })

  test('a trace of a live broker needs one', async () => {
    const trace = { format: 'kafka-lockstep-trace', version: 1, scope: 'service', expect: { verdict: 'agree' } }
    const setup = { scope: 'service', brokers: 1, versions: {} }
    writeFileSync(join(folder, 'live.json'), JSON.stringify({ ...trace, setup, operations: [{ kind: 'listGroups' }] }))
    const ended = await lockstep(['replay', 'live.json'], here)
    expect(ended.stderr).toContain('live.json is a trace of a live broker. Say which: --subject broker:HOST:PORT.')
    expect(ended.code).toBe(2)
    const checked = await lockstep(['check', '--scope', 'log', '--subject', 'broker:localhost:1'], here)
    expect(checked.stderr).toContain('To try one, write: validate --broker localhost:1.')
    expect(checked.code).toBe(2)
  })
})
