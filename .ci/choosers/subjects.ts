// Real partitioners and assignors as subjects, for `lockstep check`, `replay` and `shrink`:
// `npx lockstep check --scope assignor --subject .ci/choosers/subjects.ts#javaAssignors`.
//
// `.ci/clients/install.sh` brings them. Each runs in a process of its own that speaks `traces/subject-schema.json`, and that
// is started when it is first asked. Assignments that keep their promises are as good as the model's for all but Kafka's own
// range and round robin, which say in their documentation who gets what.
import { join } from 'node:path'
import { ExecSubject } from '../../properties/subjects/exec/subject.ts'
import type { ScopeName, Subject } from '../../properties/verdict.ts'
import { anyAllowed } from './any-allowed.ts'
import { installed } from './installed.ts'

const node = (file: string, ...args: readonly string[]): string =>
  [process.execPath, join(import.meta.dirname, file), ...args].map(word => `'${word}'`).join(' ')
const classPath = [join(installed.folder, 'java/classes'), join(installed.folder, 'java/lib/*')].join(':')
const java = `java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp '${classPath}' Choosers`

/** kafkajs 2.2.4: the partitioner that it takes when it is told nothing, which is to be Java's. */
export const kafkajsPartitioner = lazily('kafkajs DefaultPartitioner', node('kafkajs.ts'), 'partitioner')
/** kafkajs 2.2.4: the partitioner of its first major version. */
export const kafkajsLegacyPartitioner = lazily('kafkajs LegacyPartitioner', node('kafkajs.ts', 'legacy'), 'partitioner')
/** kafkajs 2.2.4: its one assigner. */
export const kafkajsAssigner = anyAllowed(lazily('kafkajs', node('kafkajs.ts'), 'assignor'), ['roundrobin'])

/** @platformatic/kafka 2.12.1: the partitioner that is to be Java's. */
export const platformaticPartitioner = lazily(
  '@platformatic/kafka compatibilityPartitioner',
  node('platformatic.ts'),
  'partitioner',
)
/** @platformatic/kafka 2.12.1: the partitioner that it takes when it is told nothing. */
export const platformaticDefaultPartitioner = lazily(
  '@platformatic/kafka defaultPartitioner',
  node('platformatic.ts', 'default'),
  'partitioner',
)
/** @platformatic/kafka 2.12.1: round robin. */
export const platformaticRoundRobin = anyAllowed(
  lazily('@platformatic/kafka roundRobinAssigner', node('platformatic.ts', 'roundrobin'), 'assignor'),
  ['roundrobin'],
)
/** @platformatic/kafka 2.12.1: cooperative sticky. */
export const platformaticCooperativeSticky = anyAllowed(
  lazily('@platformatic/kafka cooperativeStickyAssigner', node('platformatic.ts', 'cooperative-sticky'), 'assignor'),
  ['cooperative-sticky'],
)

/** Apache Kafka 4.3.1: `BuiltInPartitioner.partitionForKey`, and `RoundRobinPartitioner` for what has no key. */
export const javaPartitioners = lazily("Apache Kafka's Java client", java, 'partitioner')
/** Apache Kafka 4.3.1: `RangeAssignor`, `RoundRobinAssignor`, `StickyAssignor` and `CooperativeStickyAssignor`. */
export const javaAssignors = anyAllowed(lazily("Apache Kafka's Java client", java, 'assignor'), [
  'sticky',
  'cooperative-sticky',
])

function lazily<S extends ScopeName>(name: string, command: string, scope: S): Subject<S> {
  const process = new ExecSubject(command)
  return { name, start: setup => process.in(scope).start(setup), end: () => process.end() }
}
