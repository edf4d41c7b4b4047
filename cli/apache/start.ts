// Starts an Apache Kafka on loopback in KRaft mode, each broker a controller too, and stops it whatever happens.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Guarded, startGuarded } from './guarded.ts'
import { type InstalledKafka, installKafka } from './install.ts'
import { waitForBrokers, waitForPort } from './metadata.ts'
import { freePorts } from './ports.ts'
import { propertiesOf, type Security } from './properties.ts'

const execute = promisify(execFile)

/** What an Apache Kafka is started with. */
export type KafkaOptions = {
  /** A release in Maven Central, such as `4.3.1`; it is fetched when it is not there yet. */
  readonly version: string
  readonly brokers: number
  /** An empty folder for the data, which stays; a temporary one that goes with the brokers when absent. */
  readonly folder?: string
  /** Broker properties in Kafka's names; they win over those of `properties.ts`. */
  readonly properties?: Readonly<Record<string, string>>
  /** The first broker's port, the others follow, and their controllers 100 above; any free ones when absent. */
  readonly port?: number
  /** What clients are told to connect to, in broker order, where it is not the listener (a recording proxy). */
  readonly advertised?: readonly string[]
  readonly security?: Security
  /** Options of each JVM; `smallJvm` when absent. */
  readonly jvm?: readonly string[]
}

/** An Apache Kafka whose every broker has answered Metadata with all of them. */
export type RunningKafka = {
  /** `HOST:PORT[,…]` */
  readonly bootstrap: string
  readonly version: string
  readonly pids: readonly number[]
  /** From the start of the first process to the last broker's answer, in milliseconds. */
  readonly startMs: number
  /** The last lines that the brokers said, at most twenty of each. */
  readonly said: () => string
  /** Ends the brokers and waits until they are gone. What they are stopped by also happens when this process dies. */
  readonly stop: () => Promise<void>
}

/** Little memory, and quick to start: a broker that is asked for minutes, by one client. */
export const smallJvm: readonly string[] = [
  '-Xmx384m',
  '-Xms64m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
]

const readyWithinMs = 60_000
const formatWithinMs = 60_000
const clusterId = 'lockstep-kafka-0000000'
/** Somebody else may take a free port before the broker does. */
const triesForPorts = 3

/**
 * Installs it if need be, formats its storage, starts it, and waits until it answers.
 *
 * Throws `UsageError` when it cannot be installed, and an error with what the brokers last said when they do not answer
 * within a minute.
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const installed = await installKafka(options.version)
  for (let left = triesForPorts; ; left--) {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lockstep-apache-'))
    try {
      return await startOnce(options, installed, folder)
    } catch (error) {
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
      const isTaken = options.port === undefined && String(error).includes('Address already in use')
      if (!isTaken || left <= 1) throw error
    }
  }
}

async function startOnce(options: KafkaOptions, installed: InstalledKafka, folder: string): Promise<RunningKafka> {
  const { brokers, security = null, jvm = smallJvm } = options
  const { java, classPath, version } = installed
  const { listeners, controllers } = await addressesOf(options)
  const nodes = listeners.map((listener, index) => {
    const own = join(folder, `broker-${index + 1}`)
    mkdirSync(own, { recursive: true })
    const advertised = options.advertised?.[index] ?? listener
    const place = { id: index + 1, folder: own, listener, advertised, controllers, security }
    writeFileSync(join(own, 'server.properties'), propertiesOf(place, options.properties ?? {}))
    mkdirSync(join(own, 'tmp'), { recursive: true })
    // What its native libraries unpack goes with the folder.
    const surroundings = [`-Djava.io.tmpdir=${join(own, 'tmp')}`, loggingOption(version, own), '-cp', classPath]
    return { file: join(own, 'server.properties'), output: join(own, 'out.log'), surroundings }
  })
  const format = ['format', '--cluster-id', clusterId, ...(security?.formatArguments ?? [])]
  await Promise.all(
    nodes.map(({ file, surroundings }) => {
      const args = [...smallJvm, ...surroundings, 'kafka.tools.StorageTool', ...format]
      return execute(java, [...args, '--config', file], { timeout: formatWithinMs }).catch((error: unknown) => {
        throw new Error(`Apache Kafka ${version} cannot format its storage: ${outputOf(error)}`)
      })
    }),
  )
  const programs = nodes.map(({ file, output, surroundings }) => ({
    command: java,
    args: [...jvm, '-Djava.awt.headless=true', ...surroundings, 'kafka.Kafka', file],
    output,
  }))
  const started = performance.now()
  const guarded = await startGuarded({ programs, remove: options.folder === undefined ? folder : null })
  const said = (): string => nodes.map(({ output }, index) => lastLines(output, index + 1)).join('')
  try {
    const wait = { death: () => deathOf(guarded), limitMs: readyWithinMs }
    for (const listener of listeners) {
      await (security === null ? waitForBrokers(listener, brokers, wait) : waitForPort(listener, wait))
    }
  } catch (error) {
    const last = said()
    await guarded.stop()
    throw new Error(`Apache Kafka ${version} did not come up: ${messageOf(error)}. It last said:\n${last}`)
  }
  return {
    bootstrap: listeners.join(','),
    version,
    pids: guarded.pids,
    startMs: performance.now() - started,
    said,
    stop: guarded.stop,
  }
}

async function addressesOf({ brokers, port }: KafkaOptions): Promise<{
  readonly listeners: readonly string[]
  readonly controllers: readonly string[]
}> {
  const all = Array.from({ length: brokers }, (_, index) => index)
  const ports =
    port === undefined
      ? await freePorts(2 * brokers)
      : [...all.map(index => port + index), ...all.map(index => port + 100 + index)]
  const addresses = ports.map(each => `127.0.0.1:${each}`)
  return { listeners: addresses.slice(0, brokers), controllers: addresses.slice(brokers) }
}

/** Warnings and errors to stdout: through log4j 2 since Kafka 4, before that through its predecessor. */
function loggingOption(version: string, folder: string): string {
  const isOld = version.startsWith('3.')
  const file = join(folder, isOld ? 'log4j.properties' : 'log4j2.properties')
  writeFileSync(file, isOld ? log4jProperties : log4j2Properties)
  return isOld ? `-Dlog4j.configuration=file:${file}` : `-Dlog4j2.configurationFile=file:${file}`
}

const log4jProperties = `log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %m (%c)%n
`

const log4j2Properties = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
`

function deathOf(guarded: Guarded): string | null {
  const death = guarded.death()
  return death === null ? null : `broker ${death.program + 1} ended with ${death.how}`
}

const linesShown = 20

function lastLines(output: string, broker: number): string {
  let text: string
  try {
    text = readFileSync(output, 'utf8')
  } catch {
    // A temporary folder is gone with its brokers.
    return ''
  }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return lines
    .slice(-linesShown)
    .map(line => `broker ${broker}: ${line.slice(0, 400)}\n`)
    .join('')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function outputOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? `${Reflect.get(error, 'stdout')}${error.stderr}` : ''
  const line = said.split('\n').find(text => text.trim() !== '')
  return (line ?? messageOf(error)).slice(0, 400)
}
