import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { installKafka } from './install.ts'
import type { Environment } from './java.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-install-'))
afterAll(() => rmSync(folder, { recursive: true }))

let machines = 0

/** A machine with these programs and no others, and an empty cache. */
function machine(programs: Readonly<Record<string, string>>, more: Environment = {}): Environment {
  const path = join(folder, `machine-${machines++}`)
  mkdirSync(join(path, 'bin'), { recursive: true })
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(path, 'bin', name), 0o755)
  }
  return { PATH: join(path, 'bin'), XDG_CACHE_HOME: join(path, 'cache'), ...more }
}

const java = (version: string): string => `echo 'openjdk version "${version}" 2025-01-01' >&2`
/** What Maven says, then how it ends. */
const maven = (said: string, code: number): string => `echo '${said}'; exit ${code}`
const central = 'org.apache.kafka:kafka_2.13:jar:4.0.0'
/** Leaves what Maven leaves, as far as anybody looks. */
const fetches = `${existsAt('/bin/mkdir')} lib && : > lib/kafka_2.13-4.0.0.jar`

function existsAt(path: string): string {
  return existsSync(path) ? path : `/usr${path}`
}

describe.skipIf(process.platform === 'win32')('what is missing is said in one sentence', () => {
  const missing = 'is no version of Apache Kafka. Write all of its numbers, such as 4.3.1.'
  test.each<readonly [string, Environment, string]>([
    ['4.3', machine({}), missing],
    ['latest', machine({}), missing],
    ['2.8.2', machine({}), 'Apache Kafka 2.8.2 needs ZooKeeper, which is not started here. Choose 3.3.1 or newer'],
    ['3.2.3', machine({}), 'Apache Kafka 3.2.3 needs ZooKeeper, which is not started here. Choose 3.3.1 or newer'],
    ['4.0.0', machine({}), 'needs Java 17 or newer, and there is no java in the PATH. Install one, or set JAVA_HOME.'],
    ['4.0.0', machine({}, { JAVA_HOME: '/none' }), 'there is no /none/bin/java, where JAVA_HOME points. Install one'],
    ['4.0.0', machine({ java: java('11.0.2') }), 'needs Java 17 or newer, and java is Java 11. Install a newer one'],
    ['4.0.0', machine({ java: java('1.8.0_412') }), 'needs Java 17 or newer, and java is Java 8. Install a newer one'],
    ['3.9.1', machine({ java: java('1.7.0') }), 'needs Java 8 or newer, and java is Java 7. Install a newer one'],
    ['4.0.0', machine({ java: 'echo nonsense >&2' }), 'java -version says "nonsense\\n".'],
    [
      '4.0.0',
      machine({ java: 'exit 3' }),
      'java -version failed: Command failed: java -version. Install a working one.',
    ],
    ['4.0.0', machine({ java: java('17') }), 'there is no mvn in the PATH. Install Apache Maven 3.6.3 or newer.'],
    [
      '4.0.0',
      machine({ java: java('21.0.1'), mvn: maven(`[ERROR] Could not find artifact ${central} in central`, 1) }),
      'There is no Apache Kafka 4.0.0 in Maven Central. Choose another version, such as 4.3.1.',
    ],
    [
      '4.0.0',
      machine({ java: java('21.0.1'), mvn: maven(`[ERROR] ${central} was not found in central during`, 1) }),
      'There is no Apache Kafka 4.0.0 in Maven Central.',
    ],
    [
      '4.0.0',
      machine({ java: java('25'), mvn: maven(`[ERROR] Could not transfer artifact ${central}: Unknown host`, 1) }),
      'mvn does not reach Maven Central. Try again with a network; it is fetched once and kept.',
    ],
    [
      '4.0.0',
      machine({ java: java('17'), mvn: maven('[ERROR] disk full', 1) }),
      'mvn failed and said "[ERROR] disk full"',
    ],
    ['4.0.0', machine({ java: java('17'), mvn: maven('', 0) }), 'mvn fetched no Apache Kafka 4.0.0'],
  ])('%s %j', async (version, env, sentence) => {
    const error = await installKafka(version, env).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(sentence) })
    const cache = join(env.XDG_CACHE_HOME ?? '', 'kafka-lockstep')
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('an installation', () => {
  test('is kept, and needs no Maven the second time', async () => {
    const env = machine({ java: java('17.0.1'), mvn: fetches })
    const installed = await installKafka('4.0.0', env)
    expect(readdirSync(installed.lib)).toEqual(['kafka_2.13-4.0.0.jar'])
    writeFileSync(join(env.PATH ?? '', 'mvn'), '#!/bin/sh\nexit 1\n')
    expect(await installKafka('4.0.0', env)).toEqual(installed)
  })

  test('by two at once is one', async () => {
    const env = machine({ java: java('17.0.1'), mvn: fetches })
    const [one, other] = await Promise.all([installKafka('4.0.0', env), installKafka('4.0.0', env)])
    expect(one).toEqual(other)
    expect(readdirSync(join(env.XDG_CACHE_HOME ?? '', 'kafka-lockstep'))).toEqual(['apache-4.0.0'])
  })

  test('removes what one that was killed has left, but not what another is filling', async () => {
    const env = machine({ java: java('17.0.1'), mvn: fetches })
    const cache = join(env.XDG_CACHE_HOME ?? '', 'kafka-lockstep')
    for (const name of ['apache-4.0.0.part-killed', 'apache-4.0.0.part-filling']) {
      mkdirSync(join(cache, name), { recursive: true })
    }
    utimesSync(join(cache, 'apache-4.0.0.part-killed'), 1000, 1000)
    await installKafka('4.0.0', env)
    expect(readdirSync(cache)).toEqual(['apache-4.0.0', 'apache-4.0.0.part-filling'])
  })
})
