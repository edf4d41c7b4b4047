// `node seen.ts KNOWN REPORT STATUS`: whether a report says what docs/findings knows. Findings that nobody knows are told; for
// our own brokers there must be none, and of the others at least half of what is known must have been seen again.
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const [knownPath = '', reportPath = '', status = ''] = process.argv.slice(2)
const known = existsSync(knownPath) ? Object.keys(JSON.parse(readFileSync(knownPath, 'utf8'))) : []
const report: {
  readonly verdict: string
  readonly operations: number
  readonly findings: readonly { readonly signature: string }[]
} = JSON.parse(readFileSync(reportPath, 'utf8'))
const seen = new Set(report.findings.map(({ signature }) => signature))
const again = known.filter(signature => seen.has(signature))
const unknown = [...seen].filter(signature => !known.includes(signature))
console.log(
  `${report.verdict}, ${report.operations} operations; ${again.length} of ${known.length} known findings seen, ${unknown.length} others`,
)
for (const signature of unknown) console.log(`  ${signature}`)
const isOurs = basename(knownPath) === 'serve.json'
const isRight = isOurs
  ? status === '0' && seen.size === 0
  : known.length > 0 && again.length * 2 >= known.length && report.operations > 500
process.exitCode = isRight ? 0 : 1
