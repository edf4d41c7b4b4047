// Bodies of every API in every version, for Kafka's own classes to decode and encode again: `node wire-bodies.ts print`
// prints them as KafkaWire.java reads them, `node wire-bodies.ts compare FILE` says whether they came back as they were.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { apis } from '../impl/wire/apis.ts'
import { messages, versionsOf } from '../impl/wire/arbitraries.ts'
import { encodeRequest, encodeResponse, readRequestHeader } from '../impl/wire/frames.ts'
import { isFlexible } from '../impl/wire/schema.ts'

const perVersion = 10

/** Lines of direction, key, version and body. Kafka 4 no longer has DescribeConfigs 0. */
function bodies(): string[] {
  const lines: string[] = []
  for (const { api, version } of versionsOf(apis)) {
    if (api.name === 'DescribeConfigs' && version === 0) continue
    const sampled = { seed: 5, numRuns: perVersion }
    for (const body of fc.sample(messages(api.request, version), sampled)) {
      const frame = Buffer.concat(encodeRequest(api, version, 0, null, body)).subarray(4)
      lines.push(`request ${api.key} ${version} ${frame.subarray(readRequestHeader(frame).bodyAt).toString('hex')}`)
    }
    const headerBytes = isFlexible(api, version) && api.name !== 'ApiVersions' ? 5 : 4
    for (const body of fc.sample(messages(api.response, version), sampled)) {
      const frame = Buffer.concat(encodeResponse(api, version, 0, body)).subarray(4 + headerBytes)
      lines.push(`response ${api.key} ${version} ${frame.toString('hex')}`)
    }
  }
  return lines
}

const [command, file = ''] = process.argv.slice(2)
const lines = bodies()
if (command === 'print') {
  process.stdout.write(`${lines.join('\n')}\n`)
} else {
  const back = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
  const wrong = lines.filter((line, k) => line.split(' ')[3] !== back[k])
  for (const line of wrong.slice(0, 10)) console.log(line, '\n came back as', back[lines.indexOf(line)])
  console.log(`${lines.length} bodies through Kafka's classes, ${wrong.length} came back different`)
  if (wrong.length > 0 || back.length !== lines.length || lines.length < 1000) process.exitCode = 1
}
