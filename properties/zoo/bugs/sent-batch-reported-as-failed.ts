import type { PlantedBug } from '../planted-bug.ts'

export const sentBatchReportedAsFailed: PlantedBug = {
  name: 'sent-batch-reported-as-failed',
  kind: 'slip',
  mechanism: 'a producer that gives up a batch which it has sent says that it is certainly not in the log',
  source: null,
  claim: 'L8',
  caughtBy: ['L8'],
  scope: 'producer',
  patches: [
    {
      file: 'impl/producer/client.ts',
      find: "this.#complete(batch, { kind: batch.wasSent ? 'unknown' : 'failed', error })",
      replace: "this.#complete(batch, { kind: 'failed', error })",
    },
  ],
  shortestCounterExample: null,
}
