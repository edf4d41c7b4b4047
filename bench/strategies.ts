// Ways to choose operations, compared on the planted bugs of the cluster that are not found at once.
//
//   node bench/strategies.ts [seeds, 5] [runs at most, 1500] [bug …]
//
// Prints, for each bug and way, the median number of runs until it is caught over the seeds, and for how many of them it
// was. At the end the geometric mean of the medians (capped runs count as the cap), and the processor seconds of each way.
import { strategies } from '../properties/generation/strategy.ts'
import { scopes } from '../properties/scopes.ts'
import { loadPatched } from '../properties/subjects/patched.ts'
import { plantedBugs } from '../properties/zoo/bugs.ts'
import { hunt } from '../properties/zoo/hunt.ts'

const hardBugs = [
  'truncation-ignores-the-epoch',
  'joins-at-the-stale-watermark',
  'stale-broker-epoch-joins',
  'lost-commit-acknowledged',
  'pending-expansion-not-counted',
  'in-sync-change-without-comparison',
  'own-watermark-trusted',
  'consumers-read-to-the-end',
  'lagging-end-offset',
  'last-replica-standing',
  'divergence-goes-unnoticed',
  'unfenced-fetch',
]

const [seedsText = '5', mostText = '1500', ...names] = process.argv.slice(2)
const most = Number(mostText)
const seeds = Array.from({ length: Number(seedsText) }, (_, i) => i + 1)
const ways = Object.entries(strategies)
const sums = new Map(ways.map(([name]) => [name, { logs: 0, seconds: 0 }]))

console.log(`| bug | ${ways.map(([name]) => name).join(' | ')} |`)
console.log(`| --- |${ways.map(() => ' --- |').join('')}`)
const wanted = names.length > 0 ? names : hardBugs
const bugs = plantedBugs.filter(bug => wanted.includes(bug.name) && bug.scope === 'cluster')
for (const bug of bugs) {
  const subject = await loadPatched(bug, 'cluster')
  const cells = ways.map(([name, strategy]) => {
    const { user } = process.cpuUsage()
    const runs = seeds.map(seed => {
      const caught = hunt(bug, scopes.cluster.name, subject, seed, most, strategy)
      return caught === null ? null : caught.run + 1
    })
    const sorted = runs.map(count => count ?? most).sort((a, b) => a - b)
    const median = sorted[sorted.length >> 1] ?? most
    const sum = sums.get(name)
    if (sum !== undefined) {
      sum.logs += Math.log(median)
      sum.seconds += (process.cpuUsage().user - user) / 1e6
    }
    return `${median >= most ? `over ${most}` : median}, ${runs.filter(count => count !== null).length} of ${runs.length}`
  })
  console.log(`| ${[bug.name, ...cells].join(' | ')} |`)
}
const means = ways.map(([name]) => Math.exp((sums.get(name)?.logs ?? 0) / bugs.length).toFixed(1))
console.log(`| *geometric mean of the medians* | ${means.join(' | ')} |`)
console.log(`| *processor seconds* | ${ways.map(([name]) => (sums.get(name)?.seconds ?? 0).toFixed(0)).join(' | ')} |`)
