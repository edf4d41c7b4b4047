// SASL and TLS as real clients use them: `lockstep serve` with users, with and without TLS, and every client that is
// installed, by every mechanism; then each of them with a wrong password. `node secured.ts`, after .ci/clients/install.sh.
//
// A client's own check (`idempotent producer`) sends and reads records. What is looked at here: that it passes, that a
// wrong password gives the client its authentication error and the broker a sentence, and that the broker lives on.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, Server } from './server.ts'

const user = 'alice'
// With a colon, as `--user` has one too, and with what SCRAM writes in other ways.
const password = 'se:cret, with=signs'
const clients = join(import.meta.dirname, '../clients')
const folder =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')
const work = mkdtempSync(join(tmpdir(), 'secured-'))
const certificate = join(work, 'certificate.pem')
const stranger = join(work, 'stranger.pem')

type Driver = {
  readonly name: string
  readonly command: readonly string[]
  readonly needs: string
  /** Which of its checks is run. */
  readonly check: string
  /** What the client calls it when the password is wrong, and what is run to see that, if not the same check. */
  readonly failure: RegExp
  readonly refusal?: readonly string[]
  /** Every mechanism, with and without TLS; else one of each. */
  readonly isWhole: boolean
}
type Run = { readonly isPassed: boolean; readonly why: string }
type Security = {
  readonly protocol: 'SASL_PLAINTEXT' | 'SASL_SSL' | 'PLAINTEXT' | 'SSL'
  readonly mechanism?: string
  readonly password?: string
  readonly trusted?: string
}

const python = join(folder, 'python/bin/python')
const java = ['java', '-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp']
const classPath = [join(folder, 'java/classes'), join(folder, 'java/lib/*')].join(':')
const all: readonly Driver[] = [
  {
    name: 'kcat',
    command: [process.execPath, join(clients, 'kcat.ts')],
    needs: '/usr/bin/kcat',
    check: 'idempotent',
    failure: /SASL authentication error: Authentication failed: unknown user or wrong password/,
    isWhole: true,
  },
  {
    name: 'kafkajs',
    command: [process.execPath, join(clients, 'kafkajs.ts')],
    needs: join(folder, 'npm.stamp'),
    check: 'idempotent',
    failure: /KafkaJSSASLAuthenticationError|SASL .* authentication failed/,
    isWhole: true,
  },
  {
    name: '@platformatic/kafka',
    command: [process.execPath, join(clients, 'platformatic.ts')],
    needs: join(folder, 'npm.stamp'),
    check: 'idempotent',
    failure: /AuthenticationError.*SASL authentication failed|SASL_AUTHENTICATION_FAILED/s,
    refusal: [process.execPath, join(import.meta.dirname, 'secured-refusal.ts')],
    isWhole: true,
  },
  {
    name: 'aiokafka',
    command: [python, join(clients, 'aio.py')],
    needs: join(folder, 'python.stamp'),
    check: 'idempotent',
    failure: /AuthenticationFailed|Authentication failed/,
    isWhole: false,
  },
  {
    name: 'confluent-kafka',
    command: [python, join(clients, 'confluent.py')],
    needs: join(folder, 'python.stamp'),
    check: 'idempotent',
    failure: /SASL authentication error: Authentication failed: unknown user or wrong password/,
    isWhole: false,
  },
  {
    name: 'franz-go',
    command: [join(folder, 'go/franz'), '--quick-start', join(folder, 'go/franz-quick-start')],
    needs: join(folder, 'go.stamp'),
    check: 'without idempotence',
    failure: /SASL_AUTHENTICATION_FAILED.*unknown user or wrong password/s,
    isWhole: false,
  },
  {
    name: 'java',
    command: [...java, classPath, 'Clients'],
    needs: join(folder, 'java.stamp'),
    check: 'without idempotence',
    failure: /SaslAuthenticationException: Authentication failed: unknown user or wrong password/,
    isWhole: false,
  },
]
const drivers = all.filter(({ needs }) => existsSync(needs))
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const problems: string[] = []
let count = 0

try {
  makeCertificate(certificate)
  makeCertificate(stranger)
  await main()
} finally {
  rmSync(work, { recursive: true, force: true })
}
for (const problem of problems) console.log(`WRONG ${problem}`)
console.log(`${count} runs of ${drivers.map(({ name }) => name).join(', ')}: ${problems.length} problems`)
process.exitCode = problems.length === 0 && drivers.length > 0 ? 0 : 1

async function main(): Promise<void> {
  const port = await freePorts(3, 23_700)
  const users = ['--user', `${user}:${password}`, '--user', 'bob:builder']
  const tls = ['--tls-cert', certificate, '--tls-key', keyOf(certificate)]
  const start = (offset: number, args: readonly string[]): Promise<Server> =>
    Server.start({ data: join(work, `data-${offset}`), port: port + offset, brokers: 1, args })
  const [open, closed, encrypted] = await Promise.all([start(0, users), start(1, [...users, ...tls]), start(2, tls)])
  const servers = [open, closed, encrypted]
  const tasks: (() => Promise<void>)[] = []
  for (const driver of drivers.toSorted((a, b) => Number(a.isWhole) - Number(b.isWhole))) {
    const wrong = { password: 'guess' }
    if (driver.isWhole) {
      for (const mechanism of mechanisms) {
        tasks.push(() => passes(driver, open, { protocol: 'SASL_PLAINTEXT', mechanism }))
        tasks.push(() => passes(driver, closed, { protocol: 'SASL_SSL', mechanism }))
        tasks.push(() => isRefused(driver, closed, { protocol: 'SASL_SSL', mechanism, ...wrong }, driver.failure))
      }
      tasks.push(() => passes(driver, encrypted, { protocol: 'SSL' }))
    } else {
      const mechanism = 'SCRAM-SHA-256'
      tasks.push(() => passes(driver, closed, { protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512' }))
      tasks.push(() => isRefused(driver, open, { protocol: 'SASL_PLAINTEXT', mechanism, ...wrong }, driver.failure))
    }
  }
  const [first] = drivers
  if (first !== undefined) {
    tasks.push(
      () => isRefused(first, open, { protocol: 'PLAINTEXT' }, /./),
      () => isRefused(first, closed, { protocol: 'SASL_PLAINTEXT', mechanism: 'PLAIN' }, /./),
      () => isRefused(first, encrypted, { protocol: 'SSL', trusted: stranger }, /./),
    )
  }
  await allOf(tasks, 3)
  expectSaid(open, /authentication failed: unknown user or wrong password for (PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)/)
  expectSaid(open, /before authentication: the client must use SASL/)
  expectSaid(closed, /authentication failed: unknown user or wrong password/)
  expectSaid(closed, /it spoke plain text, and this port speaks TLS/)
  expectSaid(encrypted, /it does not trust the certificate|it closed the connection in the midst of it/)
  for (const server of servers) {
    if (server.death !== null) problems.push(`a server died: ${server.death}`)
    const own = server.lines.filter(line => line.includes('an error of this broker'))
    if (own.length > 0) problems.push(`an error of its own: ${own.join(' ')}`)
    await server.kill()
  }
}

async function passes(driver: Driver, server: Server, security: Security): Promise<void> {
  const { isPassed, why } = await run(driver, server, security)
  if (!isPassed) problems.push(`${titleOf(driver, security)}: ${why}`)
}

async function isRefused(driver: Driver, server: Server, security: Security, failure: RegExp): Promise<void> {
  const { isPassed, why } = await run(driver, server, security, driver.refusal)
  if (isPassed) problems.push(`${titleOf(driver, security)} was let in`)
  else if (!failure.test(why)) problems.push(`${titleOf(driver, security)} with a wrong password says: ${why}`)
}

function titleOf({ name }: Driver, { protocol, mechanism = '' }: Security): string {
  return `${name}, ${protocol} ${mechanism}`
}

function expectSaid(server: Server, pattern: RegExp): void {
  if (!server.lines.some(line => pattern.test(line))) {
    problems.push(`the broker did not say ${pattern}, but:\n  ${server.said}`)
  }
}

/** Runs the client's check; its last line says what became of it. */
function run({ command, name, check }: Driver, server: Server, security: Security, instead = command): Promise<Run> {
  count++
  const [program = '', ...args] = instead
  // Some go on trying with a wrong password for as long as they may.
  const seconds = security.password === undefined ? '12' : '5'
  const limit = name === 'kcat' || name === 'franz-go' ? [] : ['--limit', seconds]
  const { protocol, mechanism, password: given = password, trusted = certificate } = security
  const sasl = { KAFKA_SASL_USERNAME: user, KAFKA_SASL_PASSWORD: given }
  const child = spawn(program, [...args, '--bootstrap', server.bootstrap, '--only', check, ...limit], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LOCKSTEP_CLIENTS: folder,
      KAFKAJS_NO_PARTITIONER_WARNING: '1',
      KAFKA_SECURITY_PROTOCOL: protocol,
      ...(mechanism === undefined ? {} : { ...sasl, KAFKA_SASL_MECHANISM: mechanism }),
      ...(protocol.endsWith('SSL') ? { KAFKA_SSL_CA: trusted } : {}),
    },
  })
  let said = ''
  let output = ''
  child.stdout.on('data', bytes => {
    output += bytes
  })
  child.stderr.on('data', bytes => {
    said += bytes
  })
  const patience = setTimeout(() => child.kill('SIGKILL'), 25_000)
  return new Promise(resolve => {
    child.on('error', error => resolve({ isPassed: false, why: error.message }))
    child.on('close', code => {
      clearTimeout(patience)
      const last = output.trim().split('\n').at(-1) ?? ''
      const report = last.startsWith('{') ? JSON.parse(last) : { checks: [], failed: [{ why: 'it said nothing' }] }
      const isPassed = code === 0 && report.checks.length === 1
      resolve({ isPassed, why: `${report.failed[0]?.why ?? ''} ${said.slice(-1500)}` })
    })
  })
}

async function allOf(tasks: readonly (() => Promise<void>)[], atATime: number): Promise<void> {
  const queue = [...tasks]
  const lane = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await task()
  }
  await Promise.all(Array.from({ length: atATime }, lane))
}

/** A certificate for loopback that signs itself, valid for a day. */
function makeCertificate(path: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyOf(path)]
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, '-out', path, ...subject], { stdio: 'ignore' })
}

function keyOf(path: string): string {
  return `${path}.key`
}
