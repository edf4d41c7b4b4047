// Starts every alternative, asks it for Metadata, and stops it: `node .ci/alternatives/try.ts`.
import { waitForBrokers } from '../../cli/apache/metadata.ts'
import { alternatives, startAlternative } from './start.ts'

const answersWithinMs = 10_000

for (const alternative of alternatives) {
  const brokers = await startAlternative(alternative)
  const addresses = brokers.bootstrap.split(',')
  for (const address of addresses) {
    await waitForBrokers(address, addresses.length, { death: () => null, limitMs: answersWithinMs })
  }
  await brokers.stop()
  const isGone = await waitForBrokers(addresses[0] ?? '', 1, { death: () => null, limitMs: 0 }).then(
    () => false,
    () => true,
  )
  if (!isGone) throw new Error(`${alternative} still answers at ${addresses[0]} after it was stopped`)
  console.log(`${alternative}: ${brokers.name}, brokers at ${brokers.bootstrap}, stopped`)
}
