// The files of ours that examples use. The package has them as well, so that an example works wherever it is pasted.
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '../..')

export const samples = [
  'docs/histories/anomalies.ndjson',
  'docs/histories/group.ndjson',
  'docs/subjects/log.py',
  'traces/corpus/group-pending-member-is-not-static.json',
  'traces/stories/zombie-commit.txt',
  'traces/stories/zoo/negative-hash.json',
  'traces/stories/zoo/zombie-commits.json',
] as const

/** Where it lies, from where the command runs: here, or below node_modules of whoever installed the package. */
export function samplePath(name: (typeof samples)[number]): string {
  return relative(process.cwd(), join(root, name)).replaceAll('\\', '/')
}
