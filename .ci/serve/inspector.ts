// What a Node process uses after a garbage collection, asked through its inspector: without one, memory says little.

/** Bytes in use. */
export type MemoryUse = {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly arrayBuffers: number
}

/** Finds the inspector's address in what `--inspect` prints. */
export function inspectorAddress(stderr: string): string | null {
  return /ws:\/\/\S+/.exec(stderr)?.[0] ?? null
}

/** Collects garbage in the process and asks what it uses. */
export async function memoryAfterCollection(address: string): Promise<MemoryUse> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, (result: unknown) => void>()
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  }
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error(`no inspector at ${address}`))
  })
  let last = 0
  const ask = (method: string, params = {}): Promise<unknown> => {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params }))
    return new Promise(resolve => waiting.set(id, resolve))
  }
  // Buffers are freed in a turn of the loop after the collection that found them.
  for (let k = 0; k < 3; k++) {
    await ask('HeapProfiler.collectGarbage')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const evaluated = await ask('Runtime.evaluate', { expression: 'process.memoryUsage()', returnByValue: true })
  socket.close()
  return (evaluated as { readonly result: { readonly value: MemoryUse } }).result.value
}
