// The broker epoch that a clean stop leaves behind: proof, at the next start, that nothing was lost (KIP-966). Follows
// `CleanShutdownFileHandler`.
import type { BrokerEpoch } from '../../model/vocabulary/units.ts'
import type { Disk } from '../ports/disk.ts'

const formatVersion = 1

/** Keeps what `Broker.stop` answered. Its logs are closed by then, so that it is the last thing that is written. */
export function keepEpoch(disk: Disk, name: string, brokerEpoch: BrokerEpoch): void {
  const text = JSON.stringify({ version: formatVersion, brokerEpoch })
  disk.writeAtomic(name, new TextEncoder().encode(text))
}

/** What was kept, for `Broker.startAgain`; -1 if nothing was. A second start finds nothing: it proves one start only. */
export function takeKeptEpoch(disk: Disk, name: string): BrokerEpoch {
  const bytes = disk.readWhole(name)
  if (bytes === null) return -1
  disk.remove([name])
  const kept = JSON.parse(new TextDecoder().decode(bytes)) as { readonly version: number; readonly brokerEpoch: number }
  if (kept.version !== formatVersion) throw new Error(`${name} has version ${kept.version}`)
  return kept.brokerEpoch
}
