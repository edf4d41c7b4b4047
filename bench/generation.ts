// How soon do different ways of writing operations find planted bugs? Prints the table of docs/generation.md.
//
// *Blind lists* have the very operations that walks draw, for the same set-up, but in no order: each is taken at random
// from a few other walks. *Walks* look at the model. Both are judged by the same lockstep comparison.
//
//   node bench/generation.ts [seeds] [bug …]
import { walk } from '../properties/generation/walk.ts'
import { runLockstep } from '../properties/lockstep.ts'
import { Random, seedOf } from '../properties/random.ts'
import type { OperationOf, Run, Scope, SetupOf } from '../properties/scope.ts'
import { scopes } from '../properties/scopes.ts'
import { loadPatched } from '../properties/subjects/patched.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import { plantedBugs } from '../properties/zoo/bugs.ts'

/** A way to write the operations of one run. */
type Method = { readonly name: string; readonly draw: <S extends ScopeName>(scope: Scope<S>, random: Random) => Run<S> }

const methods: readonly Method[] = [
  { name: 'blind list of 100', draw: (scope, random) => drawBlind(scope, random, 100) },
  { name: 'walk of 10', draw: (scope, random) => drawWalk(scope, random, 10) },
  { name: 'walk of 30', draw: (scope, random) => drawWalk(scope, random, 30) },
  { name: 'walk of 100', draw: (scope, random) => drawWalk(scope, random, 100) },
  { name: 'walk of 300', draw: (scope, random) => drawWalk(scope, random, 300) },
]

const chosenBugs = [
  'one-remembered-batch',
  'index-not-truncated',
  'tombstones-dropped-early',
  'recovery-trusts-the-tail',
  'zombie-commits',
  'static-member-not-fenced',
  'diverging-suffix-kept',
  'unfenced-fetch',
  'joins-at-the-stale-watermark',
]

/** After so many operations a search gives up. */
const operationsMost: Readonly<Record<ScopeName, number>> = {
  log: 40_000,
  partitioner: 40_000,
  assignor: 40_000,
  group: 40_000,
  producer: 40_000,
  cluster: 15_000,
}

const [seedsText = '5', ...names] = process.argv.slice(2)
const seeds = Array.from({ length: Number(seedsText) }, (_, index) => index)
console.log(`| bug | scope | ${methods.map(({ name }) => name).join(' | ')} |`)
console.log(`| --- | --- |${methods.map(() => ' --- |').join('')}`)
for (const bug of plantedBugs) {
  if (!(names.length > 0 ? names : chosenBugs).includes(bug.name)) continue
  console.log(await row(bug.scope, bug.name))
}

async function row<S extends ScopeName>(scopeName: S, bugName: string): Promise<string> {
  const bug = plantedBugs.find(({ name }) => name === bugName)
  if (bug === undefined) throw new Error(`there is no bug ${bugName}`)
  const subject = await loadPatched(bug, scopeName)
  const cells = methods.map(method => cell(scopeName, subject, method))
  return `| ${bugName} | ${scopeName} | ${cells.join(' | ')} |`
}

/** Median operations until the first failure, and for how many seeds there was one. */
function cell<S extends ScopeName>(scopeName: S, subject: Subject<S>, method: Method): string {
  const scope: Scope<S> = scopes[scopeName]
  const most = operationsMost[scopeName]
  const found = seeds.map(seed => operationsToFailure(scope, subject, method, seed, most))
  const hits = found.filter(operations => operations !== null).sort((a, b) => a - b)
  if (hits.length === 0) return `never, 0 of ${seeds.length}`
  // Seeds without a failure count as the most there is.
  const all = [...hits, ...Array.from({ length: seeds.length - hits.length }, () => most)]
  const median = all[Math.floor(all.length / 2)] ?? most
  return `${median >= most ? `over ${most}` : median}, ${hits.length} of ${seeds.length}`
}

function operationsToFailure<S extends ScopeName>(
  scope: Scope<S>,
  subject: Subject<S>,
  method: Method,
  seed: number,
  most: number,
): number | null {
  let operations = 0
  for (let run = 0; operations < most; run++) {
    const drawn = method.draw(scope, new Random(seedOf(seed, run)))
    const { verdict } = runLockstep(drawn.setup, drawn.operations, subject, { labels: false })
    if (verdict.kind !== 'agree') return operations + (verdict.kind === 'violation' ? verdict.step + 1 : 0)
    operations += Math.max(1, drawn.operations.length)
  }
  return null
}

function drawWalk<S extends ScopeName>(scope: Scope<S>, random: Random, length: number, setup?: SetupOf<S>): Run<S> {
  const { finale: _, ...walker } = scope.startWalker(random, setup)
  const model = scope.startModel(walker.setup)
  const operations: OperationOf<S>[] = []
  walk({ ...walker, length }, random, model.observe(), operation => {
    operations.push(operation)
    return { outcome: model.apply(operation), observation: model.observe() }
  })
  return { setup: walker.setup, operations: operations.slice(0, length) }
}

/** The operations of four walks over one set-up, as many as wanted, each drawn from all of them. */
function drawBlind<S extends ScopeName>(scope: Scope<S>, random: Random, length: number): Run<S> {
  const first = drawWalk(scope, random, length)
  const pool = [...first.operations]
  for (let i = 0; i < 3; i++) pool.push(...drawWalk(scope, random, length, first.setup).operations)
  const operations: OperationOf<S>[] = []
  for (let i = 0; i < length; i++) {
    const operation = random.pickOrNull(pool)
    if (operation !== null) operations.push(operation)
  }
  return { setup: first.setup, operations }
}
