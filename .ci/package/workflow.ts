// Reads a workflow of GitHub and prints the shell steps of its one job, a line each. Whatever is not as GitHub wants it throws.
// The reader of YAML is no dependency of ours: NODE_PATH says where it is.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

type Step = {
  readonly run?: string
  readonly uses?: string
  readonly with?: Record<string, unknown>
  readonly if?: string
}
type Workflow = {
  readonly on: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, { readonly 'runs-on': string; readonly steps: readonly Step[] }>>
}

const [path = ''] = process.argv.slice(2)
const yaml: { readonly parse: (text: string) => Workflow } = createRequire(import.meta.url)('yaml')
const { on, jobs } = yaml.parse(readFileSync(path, 'utf8'))

assert.deepEqual(Object.keys(on), ['push', 'pull_request', 'schedule', 'workflow_dispatch'])
const [job, ...others] = Object.values(jobs)
assert.ok(job !== undefined && others.length === 0, 'one job')
assert.equal(job['runs-on'], 'ubuntu-latest')
assert.deepEqual(
  job.steps.flatMap(({ uses }) => uses ?? []),
  ['actions/checkout@v6', 'actions/setup-node@v6', 'actions/upload-artifact@v6'],
)
for (const step of job.steps) {
  assert.ok((step.run === undefined) !== (step.uses === undefined), `${JSON.stringify(step)} runs or uses something`)
  if (step.run !== undefined) console.log(step.run)
}
