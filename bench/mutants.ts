// Mutation testing: small changes of model/ and impl/, each of which some check should notice. Prints who noticed what and
// who survived; docs/mutation.md says what came of it.
//
//   node bench/mutants.ts [--folder model/log] [--sample 400] [--seed 1] [--workers 2] [--times 1] [--units]
//                         [--json FILE] [--again FILE] [--list]
//
// --times N    N times as many runs of each scope before a mutant counts as a survivor
// --units      survivors are also shown to the unit tests beside their file
// --json FILE  a line for each mutant, as soon as it is done; a run that was stopped goes on where it was
// --again FILE instead of a sample, the survivors in such a file
// --list       only says which mutants there are
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Mutant, mutantId, mutantLine } from '../properties/mutation/mutant.ts'
import { type Judged, killersTable, scoreTable, survivorLines } from '../properties/mutation/report.ts'
import { isClaim, sampleOf, stratumOf } from '../properties/mutation/sample.ts'
import { allMutants, planOf } from './mutation/plan.ts'
import { inParallel, runMutant } from './mutation/run.ts'
import { failingUnits } from './mutation/units.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    sample: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    times: { type: 'string', default: '1' },
    units: { type: 'boolean', default: false },
    json: { type: 'string' },
    again: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
})

const mutants = values.again === undefined ? drawn() : survivorsIn(values.again)

function drawn(): readonly Mutant[] {
  return sampleOf(allMutants(values.folder), Number(values.sample), Number(values.seed))
}

function survivorsIn(file: string): readonly Mutant[] {
  return judgedIn(file)
    .filter(({ outcome }) => outcome.kind === 'survived')
    .map(({ mutant }) => mutant)
}

function judgedIn(file: string): readonly Judged[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  const judged: readonly Judged[] = lines.filter(line => line !== '').map(line => JSON.parse(line))
  if (judged.some(one => one.mutant === undefined)) throw new Error(`${file} was not written by --json`)
  return judged
}

/** Claims are held up against what both sides show, so only the tests beside them can tell a weak one. */
async function judge(mutant: Mutant): Promise<Judged> {
  const result = await runMutant(mutant, planOf(mutant.file, Number(values.seed), Number(values.times)))
  const isAsked = result.outcome.kind === 'survived' && (values.units || isClaim(mutant.file))
  return { ...result, units: isAsked ? await failingUnits(mutant) : null }
}

if (values.list) {
  for (const mutant of mutants) console.log(mutantLine(mutant))
  for (const [stratum, all] of Map.groupBy(mutants, ({ file }) => stratumOf(file))) console.log(stratum, all.length)
} else {
  const startedAt = performance.now()
  const { json } = values
  const known = new Map(json === undefined ? [] : judgedIn(json).map(one => [mutantId(one.mutant), one]))
  const judged: Judged[] = mutants.flatMap(mutant => known.get(mutantId(mutant)) ?? [])
  const left = mutants.filter(mutant => !known.has(mutantId(mutant)))
  await inParallel(left, Number(values.workers), async mutant => {
    const one = await judge(mutant)
    judged.push(one)
    if (json !== undefined) appendFileSync(json, `${JSON.stringify(one)}\n`)
    const how = one.outcome.kind === 'killed' ? `${one.outcome.kill.by} (${one.outcome.kill.at})` : one.outcome.kind
    console.error(`${judged.length}/${mutants.length} ${mutantLine(mutant)}: ${how}, ${one.ms} ms`)
  })
  console.log(`${scoreTable(judged)}\n\n${killersTable(judged)}\n\n${survivorLines(judged).join('\n')}`)
  console.log(`\n${judged.length} mutants in ${Math.round((performance.now() - startedAt) / 1000)} s`)
}
