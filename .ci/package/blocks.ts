// Writes the TypeScript examples of a page into a folder, each a file of its own as a reader would paste it: with tests
// `NAME-N.test.ts`, without `NAME-N.ts` and, beside it, what the page says that it prints.
// Arguments: the page, the folder, and which examples: those that import only these packages.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const [page = '', folder = '', ...packages] = process.argv.slice(2)
const blocks = [...readFileSync(page, 'utf8').matchAll(/^```(\w*)\n(.*?)^```$/gms)]
let count = 0
for (const [index, [, language, text = '']] of blocks.entries()) {
  if (language !== 'ts') continue
  const imported = [...text.matchAll(/ from '([^']+)'/g)].map(match => match[1] ?? '')
  if (!imported.every(name => packages.includes(name))) continue
  const isTest = imported.some(name => name === 'vitest' || name === 'kafka-lockstep/vitest')
  const name = `${basename(page, '.md').toLowerCase()}-${++count}`
  writeFileSync(join(folder, `${name}${isTest ? '.test' : ''}.ts`), text)
  const next = blocks[index + 1]
  if (!isTest && next?.[1] === '') writeFileSync(join(folder, `${name}.txt`), next[2] ?? '')
}
console.log(count)
