// A picture of a page: `node .ci/pages/picture.ts PAGE OUT.png [--step N] [--size 1366x768] [--dark]
// [--paper]`; `--paper` is what is printed, as one long sheet, and OUT.pdf is what a printer gets. PAGE is a page that `lockstep show` wrote, or a film as a packed text.
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pageWith } from '../../traces/viewer/page.ts'
import { type Look, laptop, withBrowser } from './browser.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    step: { type: 'string' },
    size: { type: 'string', default: `${laptop.width}x${laptop.height}` },
    dark: { type: 'boolean', default: false },
    paper: { type: 'boolean', default: false },
  },
})
const [source, output] = positionals
const [width, height] = values.size.split('x').map(Number)
if (source === undefined || output === undefined || !width || !height) {
  console.error('usage: node .ci/pages/picture.ts PAGE OUT.png [--step N] [--size 1366x768] [--dark] [--paper]')
  process.exit(2)
}
const text = readFileSync(source, 'utf8')
const html = text.startsWith('<!doctype') ? text : pageWith('film', text, source)
const look: Look = { width, height, dark: values.dark, stillness: true }
await withBrowser(async browser => {
  const { page, complaints } = await browser.open(html, values.step === undefined ? '' : `#step=${values.step}`, look)
  if (values.paper) {
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  }
  if (output.endsWith('.pdf')) await page.pdf({ path: output, preferCSSPageSize: true, printBackground: true })
  else await page.screenshot({ path: output, fullPage: values.paper })
  for (const complaint of complaints) console.error(complaint)
})
console.log(`${output}: ${Math.round(statSync(output).size / 1000)} kB`)
