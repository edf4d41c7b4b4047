// The examples of @platformatic/kafka's own readme.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bootstrap, expect, expectThat, installed, quickStart, sleep, waitUntil } from './harness.ts'
import { admin, readAll, send } from './platformatic-client.ts'

/** The examples of the installed readme, unchanged but for the address, and ended as it says. */
export async function quickStarts(): Promise<void> {
  const folder = join(installed, 'npm')
  const readme = join(folder, 'node_modules/@platformatic/kafka/README.md')
  const address = {
    "'localhost:9092'": bootstrap
      .split(',')
      .map(one => `'${one}'`)
      .join(),
  }
  const node = (code: string) => ['--input-type=module', '-e', code]
  const options = { cwd: folder, timeout: 15_000 }

  const administer = quickStart(readme, ['new Admin(', 'createTopics', 'deleteTopics'], address)
  // Its second topic is laid on brokers 1 to 3, and its last call deletes the first one.
  if (bootstrap.split(',').length >= 3) {
    const printed = execFileSync(process.execPath, node(administer), options).toString()
    expectThat(printed.includes('my-topic'), `the readme's admin example printed ${printed}`)
    await admin.deleteTopics({ topics: ['my-custom-topic'] })
  }

  const produce = quickStart(readme, ['new Producer(', "topic: 'events'", 'await producer.close()'], address)
  await admin.createTopics({ topics: ['events', 'my-topic'], partitions: 1, replicas: -1 })
  try {
    execFileSync(process.execPath, node(produce), options)
    const found = await readAll('events', 1)
    expect(found[0]?.value?.toString(), '{"name":"John","action":"login"}', "value of the readme's message")

    // The readme shows three ways to read, one after the other; the first of them reads all there is.
    const consume = quickStart(readme, ['new Consumer(', 'Option 1', "topics: ['my-topic']"], address)
    const firstWay = consume.slice(0, consume.indexOf('// Option 2')).replace("import { forEach } from 'hwp'\n", '')
    const end = "process.once('SIGTERM', () => consumer.close(true).then(() => process.exit()))"
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    const example = spawn(process.execPath, node(`${firstWay}\n${end}`), { cwd: folder, stdio: [...stdio] })
    let output = ''
    createInterface(example.stdout).on('line', line => {
      output += line
    })
    await waitUntil(
      async () => {
        await send('my-topic', [{ key: Buffer.from('user-123'), value: Buffer.from('John') }])
        await sleep(200)
        return output.includes('Received: user-123 -> John')
      },
      () => `the readme's consumer printed ${output}`,
    )
    const gone = new Promise(resolve => example.once('exit', resolve))
    example.kill('SIGTERM')
    await gone
  } finally {
    await admin.deleteTopics({ topics: ['events', 'my-topic'] })
  }
}
