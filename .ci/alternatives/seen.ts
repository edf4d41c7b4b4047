// `node seen.ts KNOWN REPORT STATUS`: whether a report says what docs/findings knows. Findings that nobody knows are told; for
// our own brokers there must be none. Of the others two thirds of the causes that are known must have been seen again, each by
// one of its signatures at least: many of these come up once in thousands of runs, and a cause that comes up in no run is
// what the harness has become blind to.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const [knownPath = '', reportPath = '', status = ''] = process.argv.slice(2)
const known: Readonly<Record<string, string>> = existsSync(knownPath) ? JSON.parse(readFileSync(knownPath, 'utf8')) : {}
const report: {
  readonly verdict: string
  readonly operations: number
  readonly findings: readonly { readonly signature: string }[]
} = JSON.parse(readFileSync(reportPath, 'utf8'))
const seen = new Set(report.findings.map(({ signature }) => signature))
const again = [...seen].filter(signature => known[signature] !== undefined)
const unknown = [...seen].filter(signature => known[signature] === undefined)
const causes = new Set(Object.values(known))
const causesAgain = new Set(again.map(signature => known[signature]))
const causesMissed = [...causes].filter(cause => !causesAgain.has(cause))
console.log(
  `${report.verdict}, ${report.operations} operations; ${causesAgain.size} of ${causes.size} known causes seen, ` +
    `by ${again.length} of ${Object.keys(known).length} known signatures, ${unknown.length} others`,
)
for (const signature of unknown) console.log(`  not known: ${signature}`)
for (const cause of causesMissed) console.log(`  not seen:  ${cause}`)
const isOurs = basename(knownPath) === 'serve.json'
const isRight = isOurs
  ? status === '0' && seen.size === 0
  : causes.size > 0 && causesAgain.size * 3 >= causes.size * 2 && report.operations > 500
process.exitCode = isRight ? 0 : 1
