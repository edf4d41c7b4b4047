// Plants every bug of properties/zoo/ in turn and lets campaigns look for it. Prints a table: in how many runs it was
// found, under which claims, and how many operations the smallest trace has. Fails when one is not found.
//
//   node .ci/planted-bugs.ts [seeds, 1] [runs at most, 5000] [part of a name]
import { type Found, runShard, runsOfShard } from '../properties/shard.ts'
import { loadPatched } from '../properties/subjects/patched.ts'
import { plantedBugs } from '../properties/zoo/bugs.ts'
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'

const [seeds = '1', runsMost = '5000', part = ''] = process.argv.slice(2)

type Caught = { readonly runs: number; readonly found: readonly Found[] }

/** The first failing run of a campaign with this seed, and what its shard found. */
async function hunt(bug: PlantedBug, seed: number): Promise<Caught | null> {
  const subject = await loadPatched(bug, bug.scope)
  for (let shard = 0; shard * runsOfShard < Number(runsMost); shard++) {
    const { violations } = runShard(seed, bug.scope, shard, runsOfShard, subject)
    if (violations.length === 0) continue
    const found = violations.toSorted((a, b) => a.operations.length - b.operations.length)
    return { runs: Math.min(...found.map(({ run }) => run)) + 1, found }
  }
  return null
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

let missed = 0
for (const bug of plantedBugs.filter(({ name }) => name.includes(part))) {
  const hunts: (Caught | null)[] = []
  for (const seed of seeds.split(',')) hunts.push(await hunt(bug, Number(seed)))
  const caught = hunts.filter(one => one !== null)
  if (caught.length < hunts.length) missed++
  const lengths = caught.map(({ found }) => found[0]?.operations.length ?? 0)
  const claims = [...new Set(caught.flatMap(({ found }) => found.map(({ claim }) => claim)))].sort()
  const runs = caught.map(one => one.runs)
  console.log(
    `${bug.claim} ${bug.name.padEnd(40)} caught ${caught.length}/${hunts.length}`,
    `runs median ${median(runs)} worst ${Math.max(...runs)}, operations median ${median(lengths)} worst ${Math.max(...lengths)}`,
    `(${claims.join(' ')})`,
  )
}
if (missed > 0) {
  console.log(`${missed} planted bugs were missed`)
  process.exitCode = 1
}
