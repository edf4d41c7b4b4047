// Pictures of real runs: what `lockstep` writes, and films of all stories, the corpus, live brokers, and what planted bugs do.
// Nobody chose what is in them, so each must be sensible at every step.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type FilmTask, filmed } from '../../cli/film-task.ts'
import { readAnyTrace, readText } from '../../traces/read.ts'
import { parseStory } from '../../traces/stories/parse.ts'
import { pageWith } from '../../traces/viewer/page.ts'
import { phone } from './browser.ts'
import { type Check, check } from './check.ts'
import { selected } from './film-page.ts'

const root = join(import.meta.dirname, '../..')
const folders = ['traces/stories/*.txt', 'traces/stories/zoo/*', 'traces/corpus/*.json', 'docs/findings/traces/*.json']

export const checks: readonly Check[] = [
  check('a counter-example of the explorer opens at the step that breaks the invariant', async browser => {
    const trace = browser.file('found.json', '')
    lockstep('explore', 'truncate-to-high-watermark', '-o', trace)
    const { page, complaints } = await browser.openFile(trace.replace(/json$/, 'html'))
    const steps = await page.locator('.operations li').count()
    assert.equal(await selected(page), steps - 1)
    assert.match(await page.locator('.verdict').innerText(), /violation: WeakIsr/)
    const command = await page.locator('.verdict code').last().innerText()
    assert.equal(command, `npx lockstep replay ${trace}`)
    assert.match(lockstep(...command.split(' ').slice(2)), /WeakIsr/)
    assert.ok((await page.locator('.log .cell').count()) > 0)
    assert.deepEqual(complaints, [])
    await page.close()
    return `${steps - 1} operations`
  }),

  check('the picture of a planted bug says what it breaks, and its command shows that again', async browser => {
    const trace = join(root, 'traces/stories/zoo/torn-tail-not-cut.json')
    const file = browser.file('torn.html', '')
    lockstep('show', trace, '--subject', 'zoo:torn-tail-not-cut', '-o', file)
    const { page } = await browser.openFile(file)
    assert.match(await page.locator('.verdict').innerText(), /O2 dense append/)
    const command = await page.locator('.verdict code').last().innerText()
    assert.match(lockstep(...command.split(' ').slice(2)), /O2 dense append/)
    await page.close()
    return undefined
  }),

  check('every run that is kept anywhere is sensible at every step, on a phone too', async browser => {
    let [films, steps, largest] = [0, 0, 0]
    for (const path of globSync(folders, { cwd: root }).sort()) {
      if (/\.ts$/.test(path)) continue
      const film = await filmed(task(path))
      assert.ok(film !== null, `${path} gives no film`)
      const html = pageWith('film', film.data, film.title)
      const { page, complaints } = await browser.open(html, '#step=0', phone)
      const last = (await page.locator('.operations li').count()) - 1
      assert.deepEqual(await page.evaluate(oddities, last), [], path)
      assert.equal(await selected(page), last, path)
      assert.deepEqual(complaints, [], path)
      await page.close()
      films += 1
      steps += last + 1
      largest = Math.max(largest, html.length)
    }
    assert.ok(films > 100, `there are only ${films}`)
    return `${films} films, ${steps} steps, the largest page ${Math.round(largest / 1000)} kB`
  }),
]

/** Steps to the end, and tells what is wrong to see, whatever the film; runs in the page. */
async function oddities(last: number): Promise<readonly string[]> {
  const found: string[] = []
  for (let step = 0; step <= last; step++) {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`step ${step} is ${scrollWidth} wide on ${clientWidth}`)
    const word = /undefined|NaN|\[object/.exec(document.body.innerText)
    if (word !== null) found.push(`step ${step} says ${word[0]}`)
    const broken = document.querySelector('path[d*=NaN], [style*=NaN]')
    if (broken !== null) found.push(`step ${step} draws ${broken.outerHTML.slice(0, 200)}`)
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    // What is out of sight follows a moment later.
    for (let frames = 0; frames === 0 || (frames < 100 && document.querySelector('[aria-busy]') !== null); frames++) {
      await new Promise(requestAnimationFrame)
    }
  }
  return found
}

/** Of a planted bug's witness what the bug makes of it, of all else the run as it is kept. */
function task(path: string): FilmTask {
  const file = join(root, path)
  const name = basename(path)
  const bug = basename(dirname(path)) === 'zoo' ? name.replace(/\.\w+$/, '') : null
  return {
    showable: name.endsWith('.txt')
      ? { kind: 'story', story: parseStory(readText(file)) }
      : { kind: 'trace', trace: readAnyTrace(file) },
    choice: { subject: bug === null ? 'impl' : `zoo:${bug}`, wire: false },
    about: { name, origin: null, replay: null },
    unasked: null,
  }
}

/** What it says; findings end it with another code than 0. */
function lockstep(...words: readonly string[]): string {
  try {
    return execFileSync(process.execPath, ['cli/lockstep.js', ...words], { cwd: root, stdio: 'pipe' }).toString()
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && 'stdout' in error) return `${error.stdout}${error.stderr}`
    throw error
  }
}
