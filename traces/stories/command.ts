// One command of the story language: text in, one cluster operation out. The inverse of render/cluster-operation.ts.
import type { AssignorName } from '../../model/vocabulary/choosing.ts'
import type { ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import { parseSettings } from '../topic-settings.ts'

/** A command that cannot be read. */
export class StoryError extends Error {
  override readonly name = 'StoryError'
}

/** The operation that one command stands for. Throws `StoryError`. */
export function parseCommand(command: string): ClusterOperation {
  const found = verbs.find(([verb]) => command === verb || command.startsWith(`${verb} `))
  if (found === undefined) throw new StoryError(`"${command}" is not a command; see traces/stories/command.ts`)
  const [verb, read] = found
  const given = new Given(command, splitWords(command.slice(verb.length)))
  const operation = read(given)
  given.end()
  return operation
}

/** The words after the verb, taken one after the other. */
class Given {
  readonly #command: string
  readonly #words: string[]

  constructor(command: string, words: readonly string[]) {
    this.#command = command
    this.#words = [...words]
  }

  fail(what: string): never {
    throw new StoryError(`"${this.#command}": ${what}`)
  }

  word(what: string): string {
    return this.#words.shift() ?? this.fail(`${what} is missing`)
  }

  /** Takes the next word if it is this one. */
  flag(word: string): boolean {
    if (this.#words[0] !== word) return false
    this.#words.shift()
    return true
  }

  number(what: string): number {
    const word = this.word(what)
    return /^-?\d+$/.test(word) ? Number(word) : this.fail(`${what} is not a number: ${word}`)
  }

  numberOrNull(): number | null {
    return /^-?\d+$/.test(this.#words[0] ?? '') ? this.number('number') : null
  }

  broker(): number {
    return brokerOf(this, this.word('the broker'))
  }

  link(): { readonly from: string; readonly to: string } {
    const [from, to, ...rest] = this.word('the link').split('>')
    if (from === undefined || to === undefined || rest.length > 0) return this.fail('a link is written b1>b2')
    return { from, to }
  }

  at(): { readonly topic: string; readonly partition: number } {
    return topicPartition(this, this.word('the partition'))
  }

  brokerAt(): { readonly broker: number; readonly topic: string; readonly partition: number } {
    return { broker: this.broker(), ...this.at() }
  }

  /** All `name=value` words that come next. */
  settings(): Map<string, string> {
    const pairs = new Map<string, string>()
    for (let next = this.#words[0]; next?.includes('='); next = this.#words[0]) {
      const cut = next.indexOf('=')
      pairs.set(next.slice(0, cut), next.slice(cut + 1))
      this.#words.shift()
    }
    return pairs
  }

  rest(): readonly string[] {
    return this.#words.splice(0)
  }

  end(): void {
    if (this.#words.length > 0) this.fail(`"${this.#words.join(' ')}" is too much`)
  }
}

type Verb = readonly [verb: string, read: (given: Given) => ClusterOperation]

// Longer verbs before their own beginnings.
const verbs: readonly Verb[] = [
  ['deliver late', given => ({ kind: 'deliverLate', ...given.link() })],
  ['deliver', given => ({ kind: 'deliver', ...given.link() })],
  ['settle', () => ({ kind: 'settle' })],
  [
    'disconnect',
    given => ({
      kind: 'disconnect',
      a: given.word('one end'),
      b: given.word('the other end'),
      late: given.flag('late'),
    }),
  ],
  ['cut', given => ({ kind: 'cut', ...given.link() })],
  ['heal all', () => ({ kind: 'healAll' })],
  ['heal', given => ({ kind: 'heal', ...given.link() })],
  ['advance', given => ({ kind: 'advance', ms: given.number('the time'), node: given.rest()[0] ?? null })],
  ['elapse', given => ({ kind: 'elapse', ms: given.number('the time') })],
  ['crash', given => readCrash(given)],
  ['restart', given => ({ kind: 'restart', broker: given.broker() })],
  ['pause', given => ({ kind: 'pause', broker: given.broker() })],
  ['resume', given => ({ kind: 'resume', broker: given.broker() })],
  ['create topic', given => readCreateTopic(given)],
  ['unclean', given => ({ kind: 'setUncleanElection', topic: given.word('the topic'), enabled: readSwitch(given) })],
  ['elect preferred', given => ({ kind: 'electLeader', election: 'preferred', ...given.at() })],
  ['elect unclean', given => ({ kind: 'electLeader', election: 'unclean', ...given.at() })],
  ['expire', given => ({ kind: 'expireSession', broker: given.broker() })],
  ['failover controller', () => ({ kind: 'failoverController' })],
  ['delete records', given => ({ kind: 'deleteRecords', ...given.brokerAt(), offset: given.number('the offset') })],
  ['flush', given => ({ kind: 'flush', ...given.brokerAt() })],
  ['synced', given => ({ kind: 'synced', broker: given.broker() })],
  ['checkpoint', given => ({ kind: 'checkpoint', broker: given.broker() })],
  ['roll', given => ({ kind: 'roll', ...given.brokerAt() })],
  ['clean', given => ({ kind: 'clean', ...given.brokerAt() })],
  ['retain', given => ({ kind: 'retain', ...given.brokerAt() })],
  ['rot', given => ({ kind: 'rot', ...given.brokerAt(), offset: given.number('the offset') })],
  ['fill disk', given => ({ kind: 'fillDisk', ...given.brokerAt(), bytes: given.number('the room left') })],
  ['empty disk', given => ({ kind: 'fillDisk', ...given.brokerAt(), bytes: null })],
  ['producer', given => readProducer(given)],
  ['send', given => readSend(given)],
  ['consumer', given => readConsumer(given)],
  ['poll', given => ({ kind: 'poll', consumer: given.word('the consumer') })],
  ['commit', given => ({ kind: 'commit', consumer: given.word('the consumer') })],
  ['close', given => ({ kind: 'closeConsumer', consumer: given.word('the consumer') })],
  ['kill', given => ({ kind: 'killClient', client: given.word('the client') })],
]

function readCrash(given: Given): ClusterOperation {
  const broker = given.broker()
  let damage: CrashDamage = given.flag('lost') ? { kind: 'lost' } : { kind: 'kept' }
  const settings = given.settings()
  const torn = settings.get('torn')
  if (torn !== undefined) damage = { kind: 'torn', bytes: Number(torn) }
  const indexes = settings.get('indexes') ?? 'kept'
  if (indexes !== 'kept' && indexes !== 'lost' && indexes !== 'torn')
    return given.fail('indexes are kept, lost or torn')
  return { kind: 'crash', broker, damage, indexes, late: given.flag('late') }
}

function readCreateTopic(given: Given): ClusterOperation {
  const topic = given.word('the topic')
  const settings = given.settings()
  const replicas = settings.get('replicas')
  const assignment = (replicas?.split('/') ?? []).map(set => items(set).map(name => brokerOf(given, name)))
  const partitions = Number(settings.get('partitions') ?? assignment.length)
  const [first] = assignment
  // One list of replicas stands for all partitions.
  const whole =
    assignment.length === 1 && first !== undefined ? Array.from({ length: partitions }, () => first) : assignment
  if (whole.length !== partitions) return given.fail('give one list of replicas, or one for each partition')
  settings.delete('replicas')
  settings.delete('partitions')
  const config = parseSettings(settings)
  if ('wrong' in config) return given.fail(`${config.wrong} is not a topic setting, or cannot have that value`)
  return { kind: 'createTopic', topic, assignment: whole, config }
}

function readSwitch(given: Given): boolean {
  const word = given.word('on or off')
  return word === 'on' || (word === 'off' ? false : given.fail('say on or off'))
}

function readProducer(given: Given): ClusterOperation {
  const producer = given.word('the producer')
  const before = given.settings()
  const idempotent = given.flag('idempotent')
  const settings = new Map([...before, ...given.settings()])
  const acksWord = settings.get('acks') ?? 'all'
  const acks =
    acksWord === 'all' ? -1 : acksWord === '1' ? 1 : acksWord === '0' ? 0 : given.fail('acks are all, 1 or 0')
  const partitioner = settings.get('partitioner') ?? 'sticky'
  if (partitioner !== 'sticky' && partitioner !== 'roundRobin') return given.fail('partitioners are sticky, roundRobin')
  return { kind: 'openProducer', producer, acks, idempotent, partitioner }
}

function readSend(given: Given): ClusterOperation {
  const producer = given.word('the producer')
  const target = given.word('the topic')
  const to = target.includes('/') ? topicPartition(given, target) : { topic: target, partition: null }
  const words = given.rest()
  const drawn = /^draw=(\d+)$/.exec(words[0] ?? '')?.[1]
  const records = (drawn === undefined ? words : words.slice(1)).map(word => readRecord(given, word))
  return { kind: 'send', producer, ...to, records, draw: Number(drawn ?? 0) }
}

/** `v`, `k=v`; a bare `null` is no key or no value. */
function readRecord(given: Given, word: string): { readonly key: string | null; readonly value: string | null } {
  const match = /^(?:("(?:[^"\\]|\\.)*"|[^"=]+)=)?("(?:[^"\\]|\\.)*"|[^"=]+)$/.exec(word)
  if (match === null) return given.fail(`a record is written value or key=value: ${word}`)
  return { key: unquoted(match[1] ?? 'null'), value: unquoted(match[2] ?? 'null') }
}

function readConsumer(given: Given): ClusterOperation {
  const consumer = given.word('the consumer')
  const settings = given.settings()
  const reset = settings.get('reset') ?? 'earliest'
  if (reset !== 'earliest' && reset !== 'latest') return given.fail('reset is earliest or latest')
  const assignors = items(settings.get('assignor') ?? '-').map(name => assignorOf(given, name))
  return {
    kind: 'openConsumer',
    consumer,
    groupId: unquoted(settings.get('group') ?? 'null'),
    groupInstanceId: unquoted(settings.get('instance') ?? 'null'),
    topics: items(settings.get('topics') ?? '-'),
    partitions: items(settings.get('partitions') ?? '-').map(name => topicPartition(given, name)),
    assignors,
    reset,
  }
}

function assignorOf(given: Given, name: string): AssignorName {
  switch (name) {
    case 'range':
    case 'roundrobin':
    case 'sticky':
    case 'cooperative-sticky':
      return name
    default:
      return given.fail(`${name} is not an assignor`)
  }
}

function topicPartition(given: Given, text: string): { readonly topic: string; readonly partition: number } {
  const cut = text.lastIndexOf('/')
  const partition = text.slice(cut + 1)
  if (cut < 1 || !/^-?\d+$/.test(partition)) return given.fail(`a partition is written t/0: ${text}`)
  return { topic: text.slice(0, cut), partition: Number(partition) }
}

function brokerOf(given: Given, name: string): number {
  return /^b-?\d+$/.test(name) ? Number(name.slice(1)) : given.fail(`a broker is written b1: ${name}`)
}

function items(list: string): readonly string[] {
  return list === '-' ? [] : list.split(',')
}

function unquoted(text: string): string | null {
  if (text === 'null') return null
  return text.startsWith('"') ? String(JSON.parse(text)) : text
}

/** Splits at spaces that are not within quotes. */
function splitWords(text: string): readonly string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g) ?? []
}
