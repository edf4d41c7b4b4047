// Runs real partitioners and assignors against the model: `node .ci/choosers/run.ts [--runs N] [--seed S] [--only EXPORT]`.
//
// Each has to agree wherever nothing is known of it, has to be caught with a fault planted into it, and every finding has to
// show still: its trace diverges on the subject and agrees on our implementation. Else the exit code is 1.
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { readTrace } from '../../traces/read.ts'
import type { About } from './about.ts'
import { known } from './known.ts'

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const runs = Number(options.runs)
const seed = Number(options.seed)
const findings = join(import.meta.dirname, '../../docs/findings')
/** Enough for a planted fault, which shows at once. */
const plantedRuns = 50
let isGood = true

const chosen = known.filter(({ name }) => options.only === undefined || name === options.only)
if (chosen.length === 0) complain(`there is no ${options.only}: there are ${known.map(({ name }) => name).join(', ')}`)
for (const one of chosen) {
  try {
    searchElsewhere(one)
    const { verdict } = one.searchPlanted(seed, plantedRuns)
    if (verdict !== 'violation') complain(`a fault planted into ${one.name} was not caught in ${plantedRuns} runs`)
    for (const finding of one.findings) showAgain(one, finding)
  } finally {
    one.end()
  }
}
process.exitCode = isGood ? 0 : 1

function searchElsewhere({ name, search }: About): void {
  const report = search(seed, runs)
  const { asked, known, declined, verdict, violations, unknown } = report
  const counts = `${report.runs} runs, asked ${asked} times, ${known} times not where something is known`
  console.log(`${name}: ${verdict}; ${counts}, ${declined} set-ups declined`)
  for (const { sentence, operations, claim } of violations) {
    complain(`${name} differs in a way that docs/findings does not tell: ${claim}, ${sentence}`)
    for (const operation of operations) console.log(`  ${JSON.stringify(operation)}`)
  }
  for (const { run, sentence } of unknown.slice(0, 3)) complain(`${name}, run ${run}: ${sentence}`)
  if (asked < runs) complain(`${name} was asked ${asked} times in ${runs} runs, which shows nothing`)
}

function showAgain({ name, replay }: About, finding: string): void {
  const trace = join(findings, 'traces', `${finding}.json`)
  const missing = [join(findings, `${finding}.md`), trace].filter(file => !existsSync(file))
  for (const file of missing) complain(`${relative(process.cwd(), file)} is missing`)
  if (missing.length > 0) return
  const shown = replay(readTrace(trace))
  if (shown === null) complain(`the trace of ${finding} is of another scope than ${name}`)
  else if (shown.theirs.kind === 'agree') complain(`${finding} does not show at ${name} any more: amend docs/findings`)
  else if (shown.ours.kind !== 'agree') complain(`the trace of ${finding} shows at our implementation, too`)
}

function complain(sentence: string): void {
  isGood = false
  console.log(`FAILED ${sentence}`)
}
