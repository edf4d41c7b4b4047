import { chromium } from 'playwright-core'
import { filmPage } from './film-page.ts'
import { longFilm } from '../../traces/viewer/film/testing/films.ts'
import { writeFileSync } from 'node:fs'
writeFileSync('/tmp/tracepage.html', filmPage(longFilm(200, 5, 2)))
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await b.newPage({ viewport: { width: 1366, height: 768 } })
await page.goto('file:///tmp/tracepage.html#step=0'); await page.waitForTimeout(500)
await b.startTracing(page, { categories: ['devtools.timeline', 'blink', 'cc', 'toplevel', 'disabled-by-default-devtools.timeline'] })
for (let i = 1; i <= 60; i++) await page.evaluate(async step => {
  document.querySelectorAll<HTMLElement>('.operations a')[step]!.click()
  await new Promise<void>(done => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => done(); c.port2.postMessage(null) }))
}, i)
const t = JSON.parse((await b.stopTracing()).toString()).traceEvents as any[]
await b.close()
const names = new Map<string, string>(); for (const e of t) if (e.name === 'thread_name') names.set(`${e.pid}/${e.tid}`, e.args.name)
const main = t.filter(e => e.ph === 'X' && names.get(`${e.pid}/${e.tid}`) === 'CrRendererMain').sort((a, z) => a.ts - z.ts || z.dur - a.dur)
const pids = new Map<number, number>(); for (const e of main) pids.set(e.pid, (pids.get(e.pid) ?? 0) + 1)
const pid = [...pids].sort((a, z) => z[1] - a[1])[0]![0]
const self = new Map<string, number>(); const stack: any[] = []
for (const e of main) { if (e.pid !== pid) continue
  while (stack.length && stack.at(-1).ts + stack.at(-1).dur <= e.ts) stack.pop()
  const d = e.tdur ?? 0; const top = stack.at(-1)
  self.set(e.name, (self.get(e.name) ?? 0) + d); if (top) self.set(top.name, (self.get(top.name) ?? 0) - d); stack.push(e) }
console.log([...self].sort((a, z) => z[1] - a[1]).slice(0, 24).map(([k, v]) => `${(v / 1000 / 60).toFixed(2)} ${k}`).join('\n'))
