// The picture of a recorded history: what a reader does with it.
import assert from 'node:assert/strict'
import { goodOperations } from '../../properties/history/examples.ts'
import { laptop } from './browser.ts'
import { type Check, check } from './check.ts'
import { badOperations, manyOperations, pageOf, pageOfFile, selectedLine } from './history-page.ts'

export const checks: readonly Check[] = [
  check(
    'opens from the disk at the weightiest anomaly, asks for nothing and complains about nothing',
    async browser => {
      const { page, complaints } = await browser.open(pageOf(badOperations))
      assert.match(await page.locator('h1').innerText(), /violation\s+L1 acknowledged means kept/)
      assert.match(await page.locator('.anomalies [aria-expanded=true]').innerText(), /forbidden lost-write in t\/0/)
      assert.equal(await page.locator('.chart.troubled figcaption').innerText(), 't/0')
      assert.match(await page.locator('.told').innerText(), /line 16 c1 is given .*lost-write/)
      await page.waitForFunction(() => location.hash === '#anomaly=1')
      await page.waitForTimeout(300)
      assert.deepEqual(complaints, [])
      await page.close()
      return undefined
    },
  ),

  check('a history without anomalies opens at its first operation, and says so', async browser => {
    const { page, complaints } = await browser.open(pageOf(goodOperations))
    assert.match(await page.locator('h1').innerText(), /agree\s+nothing that the settings forbid/)
    assert.equal(await page.getByRole('heading', { name: 'No anomalies' }).count(), 1)
    assert.equal(await selectedLine(page), 2)
    assert.equal(await page.locator('.badge-mark, .chooser').count(), 0)
    assert.deepEqual(complaints, [])
    await page.close()
    return undefined
  }),

  check('keys step through operations and anomalies, and come nearer', async browser => {
    const { page } = await browser.open(pageOf(goodOperations), '#step=2')
    const lines: number[] = []
    for (const key of ['ArrowRight', 'j', 'ArrowLeft', 'End', 'ArrowRight', 'PageUp', 'Home', 'ArrowLeft', 'a']) {
      await page.keyboard.press(key)
      lines.push(await selectedLine(page))
    }
    assert.deepEqual(lines, [3, 4, 3, 21, 21, 11, 2, 2, 2])
    await page.close()
    const bad = await browser.open(pageOf(badOperations), '#step=2')
    const which = () => bad.page.locator('.which').innerText()
    assert.match(await which(), /^\d anomalies$/)
    for (const [key, says] of [
      ['a', 'anomaly 1 of 5'],
      ['a', 'anomaly 2 of 5'],
      ['A', 'anomaly 1 of 5'],
      ['A', 'anomaly 5 of 5'],
      ['Escape', '5 anomalies'],
    ] as const) {
      await bad.page.keyboard.press(key)
      assert.equal(await which(), says)
    }
    const ticks = () => bad.page.locator('.chart:not(.lanes) .axes').first().textContent()
    const before = await ticks()
    await bad.page.keyboard.press('+')
    assert.notEqual(await ticks(), before)
    await bad.page.keyboard.press('-')
    assert.equal(await ticks(), before)
    await bad.page.close()
    return undefined
  }),

  check('a click on a mark shows its operation, one on the sign of an anomaly chooses it', async browser => {
    const { page } = await browser.open(pageOf(badOperations), '#step=2')
    const svg = page.locator('[data-partition="t/1"] svg')
    await svg.scrollIntoViewIfNeeded()
    const [x, y] = await svg.evaluate(chart => {
      const [, place = '0 0'] =
        /^M([\d.]+ [\d.]+)/.exec(chart.querySelector('.mark.filled')?.getAttribute('d') ?? '') ?? []
      return place.split(' ').map(Number)
    })
    await svg.click({ position: { x: (x ?? 0) + 4, y: y ?? 0 } })
    assert.match(await page.locator('.told').innerText(), /sends to t\/1: "b1" at offset 0/)
    await svg.locator('.badge-mark circle').first().click()
    assert.match(await page.locator('.anomalies [aria-expanded=true]').innerText(), /duplicate in t\/1/)
    assert.equal(await svg.locator('.badge-mark.chosen').count(), 1)
    assert.ok((await svg.locator('.proof-rings rect').count()) >= 2)
    const lanes = page.locator('.lanes svg')
    await lanes.click({ position: { x: ((await lanes.boundingBox())?.width ?? 0) - 14, y: 4 + 2 * 18 + 9 } })
    assert.match(await page.locator('.told').innerText(), /c3 is given t\/1 offset 2/)
    await page.close()
    return undefined
  }),

  check('every anomaly is marked where it shows when it is chosen, and that is in sight', async browser => {
    const { page } = await browser.open(pageOfFile('docs/histories/anomalies.ndjson'), '#step=2')
    const count = await page.locator('.anomalies ol > li').count()
    assert.equal(count, 11)
    for (let index = 0; index < count; index++) {
      await page.keyboard.press('a')
      const sign = page.locator('.badge-mark.chosen')
      assert.equal(await sign.count(), 1, `anomaly ${index + 1} is not marked`)
      const box = await sign.boundingBox()
      assert.ok(box !== null && box.y > 0 && box.y + box.height < laptop.height, `${index + 1} is out of sight`)
    }
    await page.close()
    return undefined
  }),

  check('the list jumps to an anomaly and to what proves it, and buttons and the slider step', async browser => {
    const { page } = await browser.open(pageOf(badOperations), '#step=2')
    await page.locator('.anomalies ol > li > button').nth(1).click()
    const proof = page.locator('.proof .line')
    assert.ok((await proof.count()) >= 2)
    await proof.first().click()
    assert.equal(`line ${await selectedLine(page)}`, await proof.first().locator('b').innerText())
    await page.getByRole('slider', { name: 'Operation' }).fill('4')
    const fifth = await selectedLine(page)
    await page.getByRole('button', { name: 'Next operation' }).click()
    await page.getByRole('button', { name: 'Previous operation' }).click()
    assert.equal(await selectedLine(page), fifth)
    await page.locator('.operations a').first().click()
    assert.equal(await page.locator('.transport output').innerText(), '1 of 22')
    await page.getByRole('button', { name: 'No anomaly' }).click()
    assert.equal(await page.locator('.proof').count(), 0)
    await page.close()
    return undefined
  }),

  check('a link selects, follows the reader, and is followed when it changes', async browser => {
    const { page } = await browser.open(pageOf(badOperations), '#step=8')
    assert.equal(await selectedLine(page), 8)
    await page.keyboard.press('a')
    await page.waitForFunction(() => location.hash === '#anomaly=1')
    await page.evaluate(() => {
      location.hash = '#anomaly=2'
    })
    await page.locator('.which', { hasText: 'anomaly 2 of' }).waitFor()
    await page.evaluate(() => {
      location.hash = '#step=3'
    })
    await page.locator('.operations [aria-current=step] .number', { hasText: /^3/ }).waitFor()
    await page.evaluate(() => {
      location.hash = '#step=999'
    })
    await page.waitForTimeout(50)
    assert.equal(await selectedLine(page), 3, 'a line that there is not')
    await page.close()
    return undefined
  }),

  check('shapes, not colours alone, tell how sends ended and what polls and commits are', async browser => {
    const { page } = await browser.open(pageOf(badOperations))
    const shapes = await page
      .locator('.meanings li')
      .evaluateAll(items =>
        items.map(item => [item.textContent?.trim(), item.querySelector('path')?.getAttribute('d')] as const),
      )
    const names = shapes.map(([name]) => name)
    for (const name of ['send, acknowledged', 'send, failed', 'send, outcome unknown', 'poll', 'commit', 'rebalance']) {
      assert.ok(names.includes(name), `${name} is not explained`)
    }
    assert.equal(new Set(shapes.map(([, path]) => path)).size, shapes.length)
    const words = await page.locator('.judgement').allInnerTexts()
    assert.deepEqual([...new Set(words.map(word => word.trim()))], ['forbidden', 'allowed'])
    const signs = await page.locator('.judgement path').evaluateAll(all => all.map(one => one.getAttribute('d')))
    assert.equal(new Set(signs).size, 2)
    assert.ok((await page.locator('.chart .badge-mark.forbidden').count()) > 0)
    await page.close()
    return undefined
  }),

  check('a client that is left out is gone from all charts', async browser => {
    const { page } = await browser.open(pageOf(goodOperations))
    const lanes = () => page.locator('.lane-name').allTextContents()
    assert.deepEqual(await lanes(), ['c1', 'c2', 'c3', 'p1', 'p2'])
    await page.getByRole('button', { name: 'p1' }).click()
    assert.deepEqual(await lanes(), ['c1', 'c2', 'c3', 'p2'])
    assert.equal(await page.getByRole('button', { name: 'p1', pressed: false }).count(), 1)
    await page.close()
    return undefined
  }),

  check('100,000 operations give a page that opens, says what it left out, and steps', async browser => {
    const html = pageOf(manyOperations())
    assert.ok(html.length < 3_000_000, `${html.length} bytes`)
    const begun = performance.now()
    const { page, complaints } = await browser.open(html)
    await page.locator('.chart:not(.lanes)').first().waitFor()
    const opened = performance.now() - begun
    assert.match(await page.locator('.left-out').first().innerText(), /\d+ of 9\d+ operations are drawn/)
    assert.equal(await page.locator('.chart:not(.lanes)').count(), 24)
    const steps = await page.evaluate(async () => {
      const times: number[] = []
      const next = document.querySelector<HTMLElement>('[aria-label="Previous operation"]')
      for (let count = 0; count < 30; count++) {
        const start = performance.now()
        next?.click()
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
        times.push(performance.now() - start)
      }
      return times.sort((a, b) => a - b)
    })
    assert.deepEqual(complaints, [])
    await page.close()
    return `${Math.round(html.length / 1000)} kB, drawn after ${Math.round(opened)} ms, a step to the next frame in ${steps[15]?.toFixed(0)} ms (median), ${steps.at(-1)?.toFixed(0)} ms (most)`
  }),

  check('dark and light follow the system, and the button', async browser => {
    const { page } = await browser.open(pageOf(badOperations), '', { ...laptop, dark: true })
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    assert.notEqual(await paper(), 'rgb(255, 255, 255)')
    await page.getByRole('button', { name: 'Colours: system' }).click()
    await page.getByRole('button', { name: 'Colours: dark' }).click()
    assert.equal(await paper(), 'rgb(255, 255, 255)')
    await page.close()
    return undefined
  }),

  check(
    'what is printed has all charts and all anomalies with their sentences, and no buttons to step',
    async browser => {
      const { page } = await browser.open(pageOf(badOperations))
      await page.emulateMedia({ media: 'print' })
      const seen = await page.evaluate(() => {
        const height = (one: Element) => one.getBoundingClientRect().height
        const scroller = document.querySelector('.anomalies .scroller')
        return {
          charts: [...document.querySelectorAll('.chart')].filter(one => height(one) > 50).length,
          sentences: [...document.querySelectorAll('.sentence')].filter(one => height(one) > 0).length,
          transport: height(document.querySelector('.transport') ?? document.body),
          isCut: scroller !== null && scroller.scrollHeight > scroller.clientHeight + 1,
        }
      })
      assert.deepEqual(seen, { charts: 3, sentences: 5, transport: 0, isCut: false })
      assert.ok((await page.pdf()).length > 10_000)
      await page.close()
      return undefined
    },
  ),
]
