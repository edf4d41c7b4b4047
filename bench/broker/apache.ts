// Apache Kafka as one side of the benchmark, with the heap and collector of its own start script: `cli/apache/` starts it.
//
// `node bench/broker/apache.ts --brokers N --port P [--heap 1G]` starts one for trying things, and ends it at SIGINT.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Security } from '../../cli/apache/properties.ts'
import { startKafka } from '../../cli/apache/start.ts'
import { heldAgainst } from '../../cli/apache/version.ts'
import { type ClusterSettings, memoryOf, processorOf, type RunningCluster } from './cluster.ts'

/** Formats the folders and starts the brokers. */
export async function startApache(settings: ClusterSettings, heap = '1G'): Promise<RunningCluster> {
  const { brokers, folder, port, advertised, sasl = false, properties } = settings
  const kafka = await startKafka({
    version: heldAgainst,
    brokers,
    folder,
    port,
    ...(advertised && { advertised }),
    ...(sasl && { security }),
    properties: { 'default.replication.factor': String(Math.min(brokers, 3)), ...properties },
    jvm: [`-Xmx${heap}`, `-Xms${heap}`, ...collector],
  })
  return {
    bootstrap: kafka.bootstrap,
    startMs: kafka.startMs,
    memory: () => memoryOf(kafka.pids),
    processor: () => processorOf(kafka.pids),
    stop: kafka.stop,
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

const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="user" password="user-secret"'
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
const addScram = (mechanism: string) => ['--add-scram', `${mechanism}=[name=user,password=user-secret]`]
const security: Security = {
  protocol: 'SASL_PLAINTEXT',
  properties: {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': `${plain} user_user="user-secret";`,
    'listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config': scram,
  },
  formatArguments: [...addScram('SCRAM-SHA-256'), ...addScram('SCRAM-SHA-512')],
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
