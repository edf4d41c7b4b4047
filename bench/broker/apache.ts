// Apache Kafka in KRaft mode: each broker is a controller too, all on loopback, from the jars of `.ci/clients/install.sh`.
//
// `node bench/broker/apache.ts --brokers N --port P [--heap 1G]` starts one for trying things, and ends it at SIGINT.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ClusterSettings, endAll, memoryOf, processorOf, type RunningCluster } from './cluster.ts'
import { waitForBrokers, waitForPort } from './metadata.ts'

/** Where `.ci/clients/install.sh` puts what it installs. */
export const installed =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')

/** The class path of the broker, the clients and the tools. */
export const classPath = join(installed, 'java', 'lib', '*')

/** The version of the broker in the class path. */
export function apacheVersion(): string {
  const jar = readdirSync(join(installed, 'java', 'lib')).find(name => name.startsWith('kafka_2.13-'))
  return jar?.slice('kafka_2.13-'.length, -'.jar'.length) ?? 'not installed'
}

/** Formats the folders and starts the brokers, with the heap and collector of Kafka's own start script. */
export async function startApache(settings: ClusterSettings, heap = '1G'): Promise<RunningCluster> {
  const nodes = Array.from({ length: settings.brokers }, (_, index) => {
    const folder = join(settings.folder, `broker-${index + 1}`)
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'server.properties')
    writeFileSync(file, propertiesOf(settings, index, folder))
    return { folder, file }
  })
  for (const node of nodes) {
    const scram = (mechanism: string) => ['--add-scram', `${mechanism}=[name=user,password=user-secret]`]
    const users = settings.sasl === true ? [...scram('SCRAM-SHA-256'), ...scram('SCRAM-SHA-512')] : []
    const format = ['format', '--cluster-id', 'lockstep-bench-0000000', '--config', node.file, ...users]
    execFileSync(
      'java',
      ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool', ...format],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
  }
  const started = performance.now()
  const processes: ChildProcess[] = nodes.map(node => {
    const log = openSync(join(node.folder, 'out.log'), 'w')
    const memory = [`-Xmx${heap}`, `-Xms${heap}`]
    const options = [...memory, ...collector, '-Djava.awt.headless=true', '-cp', classPath, 'kafka.Kafka', node.file]
    return spawn('java', options, { stdio: ['ignore', log, log] })
  })
  const bootstrap = nodes.map((_, index) => `127.0.0.1:${settings.port + index}`)
  try {
    const ready = (address: string) =>
      settings.sasl === true ? waitForPort(address, processes) : waitForBrokers(address, settings.brokers, processes)
    for (const address of bootstrap) await ready(address)
  } catch (error) {
    await endAll(processes)
    throw error
  }
  return {
    bootstrap: bootstrap.join(','),
    startMs: performance.now() - started,
    processes,
    memory: () => memoryOf(processes),
    processor: () => processorOf(processes),
    stop: () => endAll(processes),
  }
}

/** The options that Kafka's start script gives to the JVM when it is told nothing. */
const collector = [
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
]

function propertiesOf(settings: ClusterSettings, index: number, folder: string): string {
  const { brokers, port, advertised, sasl = false, properties = {} } = settings
  const protocol = sasl ? 'SASL_PLAINTEXT' : 'PLAINTEXT'
  const listener = `127.0.0.1:${port + index}`
  const controller = (node: number): string => `127.0.0.1:${port + 100 + node}`
  const replicas = String(Math.min(brokers, 3))
  const voters = Array.from({ length: brokers }, (_, node) => `${node + 1}@${controller(node)}`)
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(index + 1),
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${protocol}://${listener},CONTROLLER://${controller(index)}`,
    'advertised.listeners': `${protocol}://${advertised?.[index] ?? listener}`,
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
    'inter.broker.listener.name': protocol,
    ...(sasl && saslProperties),
    'log.dirs': join(folder, 'data'),
    'default.replication.factor': replicas,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    // A rebalance that waits three seconds for more members would be most of every group's time here.
    'group.initial.rebalance.delay.ms': '0',
    ...properties,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="user" password="user-secret"'
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
const saslProperties = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'listener.name.sasl_plaintext.plain.sasl.jaas.config': `${plain} user_user="user-secret";`,
  'listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config': scram,
  'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scram,
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      brokers: { type: 'string', default: '1' },
      port: { type: 'string', default: '19092' },
      heap: { type: 'string', default: '512m' },
      sasl: { type: 'boolean', default: false },
      property: { type: 'string', multiple: true, default: [] },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'apache-kafka-'))
  const properties = Object.fromEntries(
    values.property.map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  )
  const { sasl } = values
  const settings = { brokers: Number(values.brokers), folder, port: Number(values.port), sasl, properties }
  const cluster = await startApache(settings, values.heap)
  console.log(JSON.stringify({ ready: true, bootstrap: cluster.bootstrap, startMs: Math.round(cluster.startMs) }))
  const end = async (): Promise<void> => {
    await cluster.stop()
    rmSync(folder, { recursive: true })
    process.exit()
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
}
