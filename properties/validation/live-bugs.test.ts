// Historical bugs in a live broker: those that a client can see without anybody dying are found over TCP.
import { expect, test } from 'vitest'
import type { Cluster } from '../../impl/host/cluster.ts'
import { probe } from '../subjects/broker/probe.ts'
import { apisOf } from '../subjects/broker/spoken.ts'
import { brokerSubject } from '../subjects/broker/subject.ts'
import { exportOfPatched } from '../subjects/patched.ts'
import { plantedBugs } from '../zoo/bugs.ts'
import { runLiveCampaign } from './campaign.ts'

const visible: readonly (readonly [bug: string, claim: string])[] = [
  ['one-remembered-batch', 'O3'],
  ['exact-time-missed', 'F7'],
  ['zombie-commits', 'F6'],
  ['commits-during-the-rebalance', 'F6'],
  ['static-member-not-fenced', 'G2'],
  ['heartbeats-say-nothing-of-rebalances', 'G2'],
]
const patienceMs = 3000

test.each(visible)('%s is found in a live broker, under %s', { timeout: 120_000 }, async (name, claim) => {
  const bug = plantedBugs.find(known => known.name === name)
  if (bug === undefined) throw new Error(`there is no bug ${name}`)
  const patched = (await exportOfPatched(bug, 'impl/host/cluster.ts', 'Cluster')) as typeof Cluster
  const cluster = await patched.start({ brokers: 1 })
  try {
    const { spoken } = await probe(cluster.bootstrap)
    let isFound = false
    const { found } = await runLiveCampaign({
      subject: brokerSubject(cluster.bootstrap, { answerWithinMs: 10_000, patienceMs }),
      // A session that runs out takes its six seconds.
      ground: { brokers: 1, spoken, onDemand: null, isOffered: kind => kind !== 'lapse' },
      apisOf,
      seed: 3,
      lanes: 8,
      runsMost: 1500,
      isTimeUp: () => isFound,
      isShrinkingOver: () => true,
      onRun: ({ signatures }) => {
        isFound = signatures.size > 0
      },
      now: () => performance.now(),
      wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
      patienceMs,
    })
    expect(found.map(({ finding }) => finding.verdict.claim)).toContain(claim)
  } finally {
    await cluster.stop()
  }
})
