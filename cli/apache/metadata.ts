// One Metadata request by hand, so that a start-up time depends on no client library and no JVM of its own.
import { connect } from 'node:net'

/** How long something is waited for. */
export type Patience = {
  /** How the one who is waited for has died, or null while it lives: then waiting ends at once. */
  readonly death: () => string | null
  /** Milliseconds. */
  readonly limitMs: number
}

/**
 * Asks again and again until Metadata lists `brokers` brokers.
 *
 * Rejects when a process ends before that, or when its time is over.
 */
export async function waitForBrokers(address: string, brokers: number, patience: Patience): Promise<void> {
  await eventually(address, patience, async () => (await brokersIn(address).catch(() => 0)) >= brokers)
}

/** Waits, as `waitForBrokers` does, for a broker that says nothing to strangers: until it accepts a connection. */
export async function waitForPort(address: string, patience: Patience): Promise<void> {
  const separator = address.lastIndexOf(':')
  await eventually(address, patience, () => {
    const socket = connect(Number(address.slice(separator + 1)), address.slice(0, separator))
    return new Promise(resolve => {
      socket.on('connect', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
  })
}

async function eventually(
  address: string,
  { death, limitMs }: Patience,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const until = Date.now() + limitMs
  while (!(await isReady())) {
    const how = death()
    if (how !== null) throw new Error(how)
    if (Date.now() > until) throw new Error(`${address} is not ready after ${limitMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** How many brokers one Metadata answer lists. Rejects when there is no answer within a second. */
function brokersIn(address: string): Promise<number> {
  const separator = address.lastIndexOf(':')
  const socket = connect(Number(address.slice(separator + 1)), address.slice(0, separator))
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
    socket.on('connect', () => socket.write(metadataRequest))
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return
      // Size, correlation id and throttle time, 4 bytes each; then the array of brokers, which begins with its count.
      resolve(received.readInt32BE(12))
      socket.destroy()
    })
  })
}

/** Metadata version 5 (the last ones without tagged fields are 1 to 8) for no topic at all. */
const metadataRequest = Buffer.from([
  ...[0, 0, 0, 19], // size
  ...[0, 3, 0, 5], // api key, api version
  ...[0, 0, 0, 1], // correlation id
  ...[0, 4, 0x77, 0x61, 0x69, 0x74], // client id "wait"
  ...[0, 0, 0, 0], // no topics
  0, // do not create any
])
