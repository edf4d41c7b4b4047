// Runs the checks of all *.check.ts beside it in one browser: `node .ci/pages/run.ts [PART OF A NAME]`. Exit code 1 when one
// fails, or when there is none.
import { readdirSync } from 'node:fs'
import { withBrowser } from './browser.ts'
import type { Check } from './check.ts'

const [part = ''] = process.argv.slice(2)
const files = readdirSync(import.meta.dirname).filter(file => file.endsWith('.check.ts'))
const all: Check[] = []
for (const file of files.sort()) {
  const { checks }: { readonly checks: readonly Check[] } = await import(`./${file}`)
  if (checks.length === 0) throw new Error(`${file} has no checks`)
  all.push(...checks.map(({ name, run }) => ({ name: `${file.split('.', 1)}: ${name}`, run })))
}
const chosen = all.filter(({ name }) => name.includes(part))
let failed = 0
await withBrowser(async browser => {
  for (const { name, run } of chosen) {
    try {
      const said = await run(browser)
      console.log(`ok      ${name}${said === undefined ? '' : `\n          ${said}`}`)
    } catch (error) {
      failed += 1
      console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`)
    }
  }
})
console.log(`${chosen.length - failed} of ${chosen.length} checks of pages hold`)
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0
