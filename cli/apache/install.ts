// Fetches an Apache Kafka with everything that it runs with from Maven Central, once: the user's cache keeps it.
//
// `node cli/apache/install.ts [VERSION]` does it, and prints the folder of its jars.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UsageError } from '../exit.ts'
import { type Environment, isMissing, javaFor } from './java.ts'
import { heldAgainst, type KafkaVersion, kafkaVersion } from './version.ts'

const execute = promisify(execFile)

/** An Apache Kafka on this machine's disk. */
export type InstalledKafka = {
  readonly version: string
  /** The program that runs it. */
  readonly java: string
  /** The folder of its jars. */
  readonly lib: string
  /** All jars: broker, clients and tools. */
  readonly classPath: string
}

const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
/** Some 50 MB; a slow line shall have its time. */
const fetchWithinMs = 15 * 60_000
const staleMs = 60 * 60_000

/**
 * Makes sure that a version is there. What is complete already needs neither a network nor Maven.
 *
 * Throws `UsageError`: no such version, one without KRaft, no Java that is new enough, no Maven, no network.
 */
export async function installKafka(text: string, env: Environment = process.env): Promise<InstalledKafka> {
  const version = kafkaVersion(text)
  const java = await javaFor(version, env)
  const cache = cacheFolder(env)
  const folder = join(cache, `apache-${version.text}`)
  if (!existsSync(folder)) await fetchInto(cache, folder, version, env)
  const lib = join(folder, 'lib')
  return { version: version.text, java, lib, classPath: join(lib, '*') }
}

/** True when a version is there already. */
export function isInstalled(text: string, env: Environment = process.env): boolean {
  return existsSync(join(cacheFolder(env), `apache-${kafkaVersion(text).text}`))
}

function cacheFolder(env: Environment): string {
  const base = env.XDG_CACHE_HOME ?? ''
  return join(base === '' ? join(homedir(), '.cache') : base, 'kafka-lockstep')
}

/** The folder is complete or absent: it is filled under another name. Of two who do it at once one is first. */
async function fetchInto(cache: string, folder: string, version: KafkaVersion, env: Environment): Promise<void> {
  mkdirSync(cache, { recursive: true })
  removeStale(cache)
  const temporary = mkdtempSync(`${folder}.part-`)
  try {
    writeFileSync(join(temporary, 'pom.xml'), pomOf(version))
    await runMaven(temporary, version, env)
    try {
      renameSync(temporary, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** What an installation that was killed has left behind. */
function removeStale(cache: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name)
    const isOld = (): boolean => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > staleMs
    if (name.includes('.part-') && isOld()) rmSync(path, { recursive: true, force: true })
  }
}

async function runMaven(folder: string, version: KafkaVersion, env: Environment): Promise<void> {
  const args = ['-q', '-B', `${plugin}:copy-dependencies`, '-DincludeScope=runtime', '-DoutputDirectory=lib']
  const whole = { cwd: folder, env, timeout: fetchWithinMs, maxBuffer: 64 * 2 ** 20 }
  try {
    await execute('mvn', args, whole)
  } catch (error) {
    throw new UsageError(whyNot(error, version.text))
  }
  const isThere = existsSync(join(folder, 'lib', `kafka_2.13-${version.text}.jar`))
  if (!isThere) throw new UsageError(`mvn fetched no Apache Kafka ${version.text}, and did not say why.`)
}

/** One sentence for what Maven says in many. */
function whyNot(error: unknown, version: string): string {
  const cannot = `Apache Kafka ${version} cannot be fetched`
  if (isMissing(error)) return `${cannot}: there is no mvn in the PATH. Install Apache Maven 3.6.3 or newer.`
  const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
  if (error instanceof Error && 'killed' in error && error.killed === true) {
    return `${cannot}: mvn did not end within ${fetchWithinMs / 60_000} minutes. Try again when the network is faster.`
  }
  if (/(Could not find artifact|Failure to find) org\.apache\.kafka:|org\.apache\.kafka:\S+ was not found/.test(said)) {
    return `There is no Apache Kafka ${version} in Maven Central. Choose another version, such as ${heldAgainst}.`
  }
  if (/Could not transfer|Unknown host|in offline mode|Connection (refused|timed out)|No plugin found/.test(said)) {
    return `${cannot}: mvn does not reach Maven Central. Try again with a network; it is fetched once and kept.`
  }
  const line = said.split('\n').find(text => text.includes('[ERROR]')) ?? String(error).split('\n', 1)[0] ?? ''
  return `${cannot}: mvn failed and said ${JSON.stringify(line.slice(0, 300))}.`
}

function pomOf({ text, logging }: KafkaVersion): string {
  const all = [`org.apache.kafka:kafka_2.13:${text}`, `org.apache.kafka:kafka-tools:${text}`, ...logging]
  const dependencies = all.map(dependency => {
    const [group, artifact, version] = dependency.split(':')
    return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kafka-lockstep</groupId>
  <artifactId>apache-kafka</artifactId>
  <version>1</version>
  <dependencies>
${dependencies.join('\n')}
  </dependencies>
</project>
`
}

if (import.meta.main) {
  try {
    const { lib } = await installKafka(process.argv[2] ?? heldAgainst)
    process.stdout.write(`${lib}\n`)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`error: ${error.message}\n`)
    process.exitCode = 2
  }
}
