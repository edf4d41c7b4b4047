// `lockstep serve`: the implementation as a broker cluster that Kafka clients use, until it is told to stop.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { Cluster } from '../impl/host/cluster.ts'
import type { ClusterOptions } from '../impl/host/settings.ts'
import { exitCodes, UsageError } from './exit.ts'
import { say } from './screen.ts'
import { goOnUnread } from './unread.ts'

export type ServeOptions = {
  readonly brokers: number
  readonly data?: string
  readonly port: number
  readonly host: string
  readonly advertisedHost?: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly offsetsPartitions?: number
  /** `name=value`, one for each `--topic-default`. */
  readonly topicDefault: readonly string[]
  readonly autoCreate: boolean
  readonly sessionTimeout?: number
  /** `NAME:PASSWORD`, one for each `--user`. */
  readonly user: readonly string[]
  readonly users?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly maxConnections?: number
  readonly maxRequestBytes?: number
  readonly json: boolean
}

/** Serves until a signal comes; gives 0 after a clean end, 2 when it could not start. */
export async function serve(options: ServeOptions): Promise<number> {
  const given = clusterOptions(options)
  // Whoever reads what is said here may stop reading: that ends nobody's connection.
  goOnUnread()
  // A signal that comes while the cluster starts is obeyed when it has.
  const ending = signal()
  const cluster = await started(given)
  const { bootstrap } = cluster
  if (options.json) process.stdout.write(`${JSON.stringify({ ready: true, bootstrap, pid: process.pid })}\n`)
  const kept = options.data === undefined ? 'nothing is kept (give --data DIR to keep it)' : `data in ${options.data}`
  say(
    `${cluster.settings.brokers} ${cluster.settings.brokers === 1 ? 'broker' : 'brokers'} ready: ${bootstrap}; ${kept}`,
  )
  await ending
  await cluster.stop()
  say('stopped')
  return exitCodes.agree
}

async function started(options: ClusterOptions): Promise<Cluster> {
  try {
    return await Cluster.start(options)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The first signal asks for a clean end; a second one does not wait for it. */
function signal(): Promise<void> {
  return new Promise(resolve => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(name, () => {
        process.once(name, () => process.exit(exitCodes.unknown))
        resolve()
      })
    }
  })
}

function clusterOptions(options: ServeOptions): ClusterOptions {
  const users = usersOf(options)
  const tls = tlsOf(options)
  const given: { -readonly [Key in keyof ClusterOptions]: ClusterOptions[Key] } = {
    brokers: options.brokers,
    port: options.port,
    host: options.host,
    autoCreateTopics: options.autoCreate,
    topicDefaults: Object.fromEntries(options.topicDefault.map(text => pair(text, '=', '--topic-default NAME=VALUE'))),
    report: problem => say(problem),
    limits: {
      ...(options.maxConnections === undefined ? {} : { connectionsMax: options.maxConnections }),
      ...(options.maxRequestBytes === undefined ? {} : { requestBytesMax: options.maxRequestBytes }),
    },
  }
  if (options.data !== undefined) given.data = options.data
  if (options.advertisedHost !== undefined) given.advertisedHost = options.advertisedHost
  if (options.partitions !== undefined) given.partitions = options.partitions
  if (options.replicationFactor !== undefined) given.replicationFactor = options.replicationFactor
  if (options.offsetsPartitions !== undefined) given.offsetsPartitions = options.offsetsPartitions
  if (options.sessionTimeout !== undefined) given.brokerSessionTimeoutMs = options.sessionTimeout
  if (users !== null) given.users = users
  if (tls !== null) given.tls = tls
  return given
}

/** From `--user` and from the lines of the file of `--users`; null when neither is given. */
function usersOf({ user, users }: ServeOptions): Readonly<Record<string, string>> | null {
  const lines = users === undefined ? [] : read(users, '--users').split('\n')
  const all = [...lines.map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#')), ...user]
  if (all.length > 0) return Object.fromEntries(all.map(text => pair(text, ':', '--user NAME:PASSWORD')))
  if (users !== undefined) throw new UsageError(`${users} has no users: write NAME:PASSWORD, one a line.`)
  return null
}

function tlsOf({ tlsCert, tlsKey }: ServeOptions): NonNullable<ClusterOptions['tls']> | null {
  if (tlsCert === undefined && tlsKey === undefined) return null
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('TLS needs both --tls-cert FILE and --tls-key FILE, each in PEM.')
  }
  const tls = { cert: read(tlsCert, '--tls-cert'), key: read(tlsKey, '--tls-key') }
  try {
    createSecureContext(tls)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${tlsCert} and ${tlsKey} are no certificate and its key in PEM: ${why}`)
  }
  return tls
}

function read(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read the file of ${option}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function pair(text: string, separator: string, usage: string): readonly [string, string] {
  const at = text.indexOf(separator)
  if (at < 1) throw new UsageError(`"${text}" is not ${usage}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}
