// Random search on the abstract specifications: how many steps until StrongIsr is broken, uniformly and guided.
//
//   node bench/random-search.ts [seeds, 9] [steps at most, 2000000]
//
// Breadth-first search, which visits everything, stands beside them with the states that it generated.
import { guidances, stepsToViolation } from '../properties/explore/random.ts'
import { search } from '../properties/explore/search.ts'
import { specOf } from '../properties/explore/specs.ts'
import { Random, seedOf } from '../properties/random.ts'

const [seeds = '9', stepsMost = '2000000'] = process.argv.slice(2)
const worlds = [
  ['truncate-to-high-watermark', 2],
  ['truncate-to-high-watermark', 3],
  ['kip-101', 2],
  ['kip-101', 3],
  ['kip-279', 3],
  ['kip-320-first-try', 3],
] as const

console.log(`| specification | replicas | breadth-first | ${guidances.join(' | ')} |`)
console.log(`| --- | --- | --- |${guidances.map(() => ' --- |').join('')}`)
for (const [name, replicas] of worlds) {
  const spec = specOf({ spec: name, bounds: { replicas }, invariants: ['StrongIsr'] })
  const whole = await search(spec, { symmetry: true, statesMax: Number.POSITIVE_INFINITY })
  const cells = guidances.map(guidance => {
    const steps = Array.from({ length: Number(seeds) }, (_, seed) =>
      stepsToViolation(spec, guidance, new Random(seedOf(seed, 0)), Number(stepsMost)),
    )
    const found = steps.filter(count => count !== null)
    const sorted = steps.map(count => count ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
    const median = sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY
    const text = median === Number.POSITIVE_INFINITY ? `over ${stepsMost}` : String(median)
    return `${text}, ${found.length} of ${steps.length}`
  })
  console.log(`| ${[name, replicas, whole.generatedStates, ...cells].join(' | ')} |`)
}
