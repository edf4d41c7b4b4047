// The settings of a broker that is a controller too. What is not here is Kafka's default.

/** How clients and brokers reach brokers, where it is not simply PLAINTEXT. */
export type Security = {
  readonly protocol: 'SASL_PLAINTEXT'
  readonly properties: Readonly<Record<string, string>>
  /** What the storage is formatted with, such as `--add-scram`. */
  readonly formatArguments: readonly string[]
}

/** One broker among all of its cluster. */
export type BrokerPlace = {
  readonly id: number
  readonly folder: string
  readonly listener: string
  /** What clients are told to connect to. */
  readonly advertised: string
  /** The controllers of all brokers, by id from 1. */
  readonly controllers: readonly string[]
  readonly security: Security | null
}

/** The text of `server.properties`; `more` wins over what is here. */
export function propertiesOf(place: BrokerPlace, more: Readonly<Record<string, string>>): string {
  const { id, folder, listener, advertised, controllers, security } = place
  const protocol = security?.protocol ?? 'PLAINTEXT'
  const replicas = String(Math.min(controllers.length, 3))
  const inSync = String(Math.min(controllers.length, 2))
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': controllers.map((address, index) => `${index + 1}@${address}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${protocol}://${listener},CONTROLLER://${controllers[id - 1]}`,
    'advertised.listeners': `${protocol}://${advertised}`,
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL',
    'inter.broker.listener.name': protocol,
    ...security?.properties,
    'log.dirs': `${folder}/data`,
    // The defaults ask for three brokers, and for fifty partitions, which take seconds to appear.
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '4',
    // A rebalance that waits three seconds for more members would be most of every group's time here.
    'group.initial.rebalance.delay.ms': '0',
    ...more,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
