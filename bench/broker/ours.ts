// `lockstep serve`: all brokers in one process.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { waitForBrokers } from '../../cli/apache/metadata.ts'
import { type ClusterSettings, endProcess, memoryOf, processorOf, type RunningCluster } from './cluster.ts'

const root = join(import.meta.dirname, '../..')

/** Starts the brokers; they say where they listen in one line of JSON, `{"ready":true,"bootstrap":"HOST:PORT,…"}`. */
export async function startOurs(settings: ClusterSettings): Promise<RunningCluster> {
  const { brokers, folder, port } = settings
  const where = ['--brokers', String(brokers), '--data', folder, '--port', String(port), '--json']
  const started = performance.now()
  const server = spawn(process.execPath, [join(root, 'cli/lockstep.js'), 'serve', ...where], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pids = [server.pid ?? -1]
  const death = (): string | null =>
    server.exitCode === null && server.signalCode === null ? null : `lockstep serve ended with ${server.exitCode}`
  try {
    const bootstrap = await readyLine(server)
    await waitForBrokers(bootstrap.split(',')[0] ?? '', brokers, { death, limitMs: 60_000 })
    return {
      bootstrap,
      startMs: performance.now() - started,
      memory: () => memoryOf(pids),
      processor: () => processorOf(pids),
      stop: () => endProcess(server),
    }
  } catch (error) {
    await endProcess(server)
    throw error
  }
}

function readyLine(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('exit', code => reject(new Error(`lockstep serve ended with ${code} before it was ready`)))
    server.once('error', reject)
    if (server.stdout === null) return
    // Read to its end, so that the server never waits for somebody to read what it prints.
    createInterface(server.stdout).on('line', line => {
      const said: unknown = line.startsWith('{') ? JSON.parse(line) : undefined
      if (isReady(said)) resolve(said.bootstrap)
    })
  })
}

function isReady(said: unknown): said is { bootstrap: string } {
  return typeof said === 'object' && said !== null && 'ready' in said && 'bootstrap' in said
}
