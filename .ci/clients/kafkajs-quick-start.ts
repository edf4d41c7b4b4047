// The example of kafkajs's own readme.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bootstrap, installed, quickStart, waitUntil } from './harness.ts'

/** The example of the installed readme, unchanged but for the address, and ended as its documentation says. */
export async function quickStarts(admin: { deleteTopics(asked: { topics: string[] }): Promise<void> }): Promise<void> {
  const folder = join(installed, 'npm')
  const address = {
    "'kafka1:9092', 'kafka2:9092'": bootstrap
      .split(',')
      .map(one => `'${one}'`)
      .join(),
  }
  const code = quickStart(
    join(folder, 'node_modules/kafkajs/README.md'),
    ["require('kafkajs')", 'eachMessage'],
    address,
  )
  const end = "process.once('SIGTERM', () => consumer.disconnect().then(() => process.exit()))"
  const example = spawn(process.execPath, ['-e', `${code}\n${end}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  createInterface(example.stdout).on('line', line => {
    output += line
  })
  try {
    await waitUntil(
      () => output.includes('Hello KafkaJS user!'),
      () => `the readme's example printed ${output}`,
      20,
    )
  } finally {
    const gone = new Promise(resolve => example.once('exit', resolve))
    example.kill('SIGTERM')
    await gone
  }
  await admin.deleteTopics({ topics: ['test-topic'] })
}
