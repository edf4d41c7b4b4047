// Ports that nobody listens on.
import { createServer } from 'node:net'

/** Below the ports that systems give to clients: one that asks before the broker listens could be given the broker's own. */
const lowest = 10_000
const highest = 31_999

/** So many different ports of loopback that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > 100 * count) throw new Error(`there are no ${count} free ports from ${lowest} to ${highest}`)
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1))
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
