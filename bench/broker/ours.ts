// `lockstep serve`: all brokers in one process.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ClusterSettings, endAll, memoryOf, processorOf, type RunningCluster } from './cluster.ts'
import { waitForBrokers } from './metadata.ts'

const root = join(import.meta.dirname, '../..')

/** Starts the brokers; they say where they listen in one line of JSON, `{"ready":true,"bootstrap":"HOST:PORT,…"}`. */
export async function startOurs(settings: ClusterSettings): Promise<RunningCluster> {
  const { brokers, folder, port } = settings
  const where = ['--brokers', String(brokers), '--data', folder, '--port', String(port), '--json']
  const started = performance.now()
  const server = spawn(process.execPath, [join(root, 'cli/lockstep.js'), 'serve', ...where], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const processes = [server]
  try {
    const bootstrap = await readyLine(server)
    await waitForBrokers(bootstrap.split(',')[0] ?? '', brokers, processes)
    return {
      bootstrap,
      startMs: performance.now() - started,
      processes,
      memory: () => memoryOf(processes),
      processor: () => processorOf(processes),
      stop: () => endAll(processes),
    }
  } catch (error) {
    await endAll(processes)
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
