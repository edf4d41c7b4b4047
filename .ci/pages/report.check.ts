// The page of a campaign report: those of real campaigns, one that is green, one that found something, one that did not reach
// what it must; and one in which every text means harm.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { hostileReport } from '../../cli/report/testing/hostile-report.ts'
import type { CampaignReportFile } from '../../traces/schema/campaign-report.ts'
import { pageWith } from '../../traces/viewer/page.ts'
import { laptop, phone } from './browser.ts'
import { type Check, check } from './check.ts'

const root = join(import.meta.dirname, '../..')
const green = ['--scope', 'group', '--runs', '1000', '--seed', '3']
const failing = ['--scope', 'log', '--runs', '200', '--seed', '3', '--subject', 'zoo:append-leaves-a-gap']
const missing = ['--scope', 'partitioner', '--runs', '600', '--seed', '7']
const unreachable = `--import=${join(root, 'cli/testing/unreachable.ts')}`

export const checks: readonly Check[] = [
  check('a green report says so, shows a plot for every curve, and asks for nothing', async browser => {
    await withReport(green, 0, {}, async (folder, report) => {
      const { page, complaints } = await browser.openFile(join(folder, 'report.html'))
      assert.equal(await page.locator('h1').innerText(), 'The sides agree, and every claim held.')
      assert.equal(await colourOf(page, 'h1'), await colourNamed(page, '--good'))
      const [part] = report.scopes
      assert.ok(part !== undefined)
      const { claims, labels, operationKinds, faults } = part
      // One for each claim and behaviour, and one in the overview.
      assert.equal(await page.locator('svg.bars').count(), claims.length + labels.length + 1)
      assert.equal(await page.locator('svg.novelty path.curve').count(), 1)
      const text = await page.locator('body').innerText()
      const named = [
        ...claims.flatMap(({ title, premise }) => [title, premise]),
        ...labels.map(({ label }) => label),
        ...operationKinds.map(({ kind }) => kind),
        ...faults.map(({ fault }) => fault),
        ...part.drawn.map(({ setting }) => setting),
        part.novelty.sentence,
        report.command,
        'Slowest runs',
      ]
      for (const expected of named) assert.ok(text.includes(expected), `it does not say ${expected}`)
      assert.doesNotMatch(text, /undefined|NaN|\[object/)
      assert.equal(await page.locator('[d*=NaN], [height*=NaN], [width*=NaN]').count(), 0)
      assert.deepEqual(complaints, [])
      await page.close()
    })
    return undefined
  }),

  check('the curve of abstract states ends at their number', async browser => {
    await withReport(green, 0, {}, async (folder, report) => {
      const { page } = await browser.openFile(join(folder, 'report.html'))
      const { pairs, over } = report.scopes[0]?.novelty ?? { pairs: 0, over: [] }
      const found = await page.evaluate(() => {
        const path = document.querySelector('svg.novelty path.curve')
        const points = (path?.getAttribute('d') ?? '').split(/[ML]/).slice(1)
        const lines = [...document.querySelectorAll('svg.novelty line.grid')].map(one => Number(one.getAttribute('y1')))
        const words = [...document.querySelectorAll('svg.novelty g text')].map(one => one.textContent ?? '')
        return { heights: points.map(point => Number(point.split(',')[1])), lines, words }
      })
      const [zero = 0] = found.lines
      const top = found.lines.at(-1) ?? 0
      const most = Number((found.words.at(-1) ?? '').replaceAll(',', ''))
      const reached = ((zero - (found.heights.at(-1) ?? 0)) / (zero - top)) * most
      assert.equal(found.heights.length, over.length + 1)
      assert.ok(Math.abs(reached - pairs) < most / 100, `the curve ends at ${reached}, and there are ${pairs}`)
      await page.close()
    })
    return undefined
  }),

  check('a report of failures is red and leads to the picture and the trace of each', async browser => {
    await withReport(failing, 1, {}, async (folder, report) => {
      const { page, complaints } = await browser.openFile(join(folder, 'report.html'))
      assert.match(await page.locator('h1').innerText(), /found violations/)
      assert.equal(await colourOf(page, 'h1'), await colourNamed(page, '--bad'))
      assert.ok(report.failures.length > 0)
      assert.equal(await page.locator('.failure').count(), report.failures.length)
      for (const [index, failure] of report.failures.entries()) {
        const shown = page.locator('.failure').nth(index)
        assert.ok((await shown.innerText()).includes(failure.sentence), failure.sentence)
        const links = await shown.locator('a').evaluateAll(all => all.map(one => one.getAttribute('href')))
        assert.deepEqual(links, failure.picture === null ? [failure.trace] : [failure.picture, failure.trace])
        for (const link of links) assert.ok(existsSync(join(folder, link ?? '')), `${link} is not there`)
      }
      assert.deepEqual(complaints, [])
      await page.getByRole('link', { name: 'Look at the picture' }).first().click()
      await page.waitForURL(/traces\/.*\.html$/)
      assert.equal(await page.locator('#page').count(), 1)
      await page.goBack()
      assert.match(await page.locator('h1').innerText(), /found violations/)
      await page.close()
    })
    return undefined
  }),

  check('a campaign that did not reach what it must is red, and names it', async browser => {
    await withReport(missing, 1, { NODE_OPTIONS: unreachable }, async (folder, report) => {
      const { page } = await browser.openFile(join(folder, 'report.html'))
      assert.match(await page.locator('h1').innerText(), /did not reach what it must/)
      assert.equal(await colourOf(page, 'h1'), await colourNamed(page, '--bad'))
      const [label = 'none'] = report.scopes[0]?.missing ?? []
      assert.ok((await page.locator('header').innerText()).includes(label))
      assert.match(await page.locator('tr.broken').innerText(), new RegExp(`missing: ${label}`))
      await page.close()
    })
    return undefined
  }),

  check('hostile text anywhere in a report runs nothing and is shown as text', async browser => {
    const hostile = hostileReport({ missing: ['<img src=x onerror=alert(2)>'] })
    const html = pageWith('report', JSON.stringify(hostile), 'Campaign report')
    const { page, complaints } = await browser.open(html)
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    await page.waitForTimeout(200)
    const found = await page.evaluate(() => ({
      title: document.title,
      scripts: document.scripts.length,
      foreign: document.querySelectorAll('img, iframe, object, embed').length,
      handlers: [...document.querySelectorAll('*')]
        .flatMap(one => one.getAttributeNames())
        .filter(name => name.startsWith('on')),
      links: [...document.links].map(link => link.getAttribute('href')),
    }))
    assert.deepEqual(found, {
      title: 'Campaign report',
      scripts: 2,
      foreign: 0,
      handlers: [],
      links: ['traces/log-L1-1-0.html', 'traces/log-L1-1-0.json', '#log', '#overview'],
    })
    assert.deepEqual(complaints, [])
    // The verdict, the sentence, the sequence, a setting, a behaviour, a kind of operation and what was new last, at least.
    const text = await page.locator('body').innerText()
    assert.ok(text.split('</script><script>').length > 7, text)
    assert.ok(text.includes('<img src=x onerror=alert(2)>'))
    await page.close()
    return undefined
  }),

  check('on a phone nothing of a report but its sequences is wider than the screen', async browser => {
    await withReport(failing, 1, {}, async folder => {
      for (const look of [phone, laptop]) {
        const { page } = await browser.openFile(join(folder, 'report.html'), '', look)
        const wide = await page.evaluate(() =>
          [...document.querySelectorAll('main *')]
            .filter(one => one.closest('pre') === null && one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => `${one.tagName} ${one.textContent?.slice(0, 40)}`),
        )
        assert.deepEqual(wide, [], `at ${look.width}`)
        await page.close()
      }
    })
    return undefined
  }),

  check('dark and light follow the system, and every colour of words can be read on both', async browser => {
    const html = pageWith('report', JSON.stringify(hostileReport({})), 'Campaign report')
    const lowest: string[] = []
    for (const dark of [false, true]) {
      const { page } = await browser.open(html, '', { ...laptop, dark })
      const contrasts = await page.evaluate(contrastsOfWords)
      assert.ok(contrasts.length >= 10)
      const worst = contrasts.reduce((one, another) => (another.contrast < one.contrast ? another : one))
      assert.ok(worst.contrast >= 4.5, `${worst.words}: ${worst.contrast.toFixed(1)} in ${dark ? 'dark' : 'light'}`)
      lowest.push(`${worst.contrast.toFixed(1)} in ${dark ? 'dark' : 'light'}`)
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      assert.equal(paper === 'rgb(255, 255, 255)', !dark)
      await page.close()
    }
    return `lowest contrast of words: ${lowest.join(', ')}`
  }),

  check('everything has a name for those who hear it, and keys reach what can be used', async browser => {
    const html = pageWith('report', JSON.stringify(hostileReport({})), 'Campaign report')
    const { page } = await browser.open(html)
    const unnamed = await page.evaluate(() => ({
      pictures: [...document.querySelectorAll('svg')].filter(
        one => one.getAttribute('aria-hidden') !== 'true' && !one.getAttribute('aria-label'),
      ).length,
      columns: document.querySelectorAll('thead th:not([scope])').length,
      rows: document.querySelectorAll('tbody th:not([scope])').length,
      twice: [...document.querySelectorAll('[id]')].filter(
        (one, index, all) => all.findIndex(a => a.id === one.id) < index,
      ).length,
      headings: [...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.tagName.slice(1))),
    }))
    const { headings, ...rest } = unnamed
    assert.deepEqual(rest, { pictures: 0, columns: 0, rows: 0, twice: 0 })
    assert.equal(headings[0], 1)
    for (const [index, level] of headings.entries()) assert.ok(level <= (headings[index - 1] ?? 0) + 1, `${headings}`)
    const reached: string[] = []
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab')
      reached.push(await page.evaluate(() => document.activeElement?.tagName ?? ''))
    }
    for (const tag of ['BUTTON', 'A', 'SUMMARY', 'PRE'])
      assert.ok(reached.includes(tag), `${tag}: ${reached.join(' ')}`)
    await page.close()
    return undefined
  }),
]

/** Runs a real campaign, whose exit code is known, and hands its report over. */
async function withReport(
  args: readonly string[],
  code: number,
  env: Readonly<Record<string, string>>,
  use: (folder: string, report: CampaignReportFile) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-report-'))
  try {
    const command = [join(root, 'cli/lockstep.js'), 'check', ...args, '--report', 'report']
    const ended = spawnSync(process.execPath, command, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GITHUB_STEP_SUMMARY: '', ...env },
    })
    assert.equal(ended.status, code, ended.stderr)
    const report = join(folder, 'report')
    await use(report, JSON.parse(readFileSync(join(report, 'report.json'), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function colourOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).evaluate(one => getComputedStyle(one).color)
}

/** A colour of the theme, as a computed style has it. */
async function colourNamed(page: Page, name: string): Promise<string> {
  return page.evaluate(variable => {
    const probe = document.createElement('span')
    probe.style.color = `var(${variable})`
    document.body.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }, name)
}

/** WCAG's contrast of each text with what is behind it; runs in the page. */
function contrastsOfWords(): readonly { readonly words: string; readonly contrast: number }[] {
  const numbers = (colour: string): readonly number[] => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = numbers(colour).map(value => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const behind = (one: Element | null): string => {
    if (one === null) return 'rgb(255, 255, 255)'
    const colour = getComputedStyle(one).backgroundColor
    return numbers(colour)[3] === 0 ? behind(one.parentElement) : colour
  }
  return [...document.querySelectorAll<HTMLElement>('main :not(svg, svg *)')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && (node.textContent ?? '').trim() !== ''))
    .map(one => {
      const [low = 0, high = 0] = [luminance(getComputedStyle(one).color), luminance(behind(one))].sort((a, b) => a - b)
      return { words: (one.textContent ?? '').slice(0, 40), contrast: (high + 0.05) / (low + 0.05) }
    })
}
