// The picture of a history for readers without a mouse, without sight, with a small screen; and hostile histories.
import assert from 'node:assert/strict'
import { goodOperations } from '../../properties/history/examples.ts'
import { hostileTexts } from '../../traces/viewer/film/testing/films.ts'
import { legibleText } from '../../traces/viewer/shared/legible.ts'
import { laptop, phone } from './browser.ts'
import { type Check, check } from './check.ts'
import { stopsOfTab, weakestContrast } from './film-reader.check.ts'
import { badOperations, hostileOperations, manyOperations, pageOf } from './history-page.ts'

export const checks: readonly Check[] = [
  check('hostile content in every name and value runs nothing and is shown as text', async browser => {
    const note = hostileTexts.join('\n')
    const { page, complaints } = await browser.open(pageOf(hostileOperations(), hostileTexts[1], note))
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    for (const key of ['a', 'ArrowLeft', '+', 'End', '-', '?', 'Escape', 'A']) await page.keyboard.press(key)
    const { text, ...rest } = await page.evaluate(() => ({
      text: document.body.innerText,
      harmed: 'harmed' in globalThis,
      foreign: document.querySelectorAll('img, iframe, object, embed, script:not(#data):not([type=module])').length,
      handlers: [...document.querySelectorAll('*')]
        .flatMap(one => one.getAttributeNames())
        .filter(name => name.startsWith('on')),
      links: [...document.links].filter(link => !/^#step=\d+$/.test(link.getAttribute('href') ?? '')).length,
    }))
    assert.deepEqual(rest, { harmed: false, foreign: 0, handlers: [], links: 0 })
    assert.deepEqual(complaints, [])
    for (const hostile of hostileTexts.filter(one => one.length < 200)) {
      assert.ok(text.includes(legibleText(hostile).slice(0, 10)), `not shown: ${legibleText(hostile)}`)
    }
    // Cells of a table come with tabs between them.
    for (const line of text.split(/[\n\t]/)) assert.equal(legibleText(line), line, 'an invisible sign is left')
    await page.close()
    return undefined
  }),

  check('data that are no picture are told, not drawn', async browser => {
    for (const [data, says] of [
      ['{"format":"other"}', 'not the picture of a history'],
      ['{', 'JSON'],
    ] as const) {
      const page = pageOf(goodOperations).replace(/(<script id="data"[^>]*>).*?<\/script>/s, `$1${data}</script>`)
      const opened = await browser.open(page)
      assert.match(await opened.page.locator('main').innerText(), new RegExp(says))
      await opened.page.close()
    }
    return undefined
  }),

  check('an empty history is sensible', async browser => {
    const { page, complaints } = await browser.open(pageOf([]))
    for (const key of ['ArrowRight', 'a', '+', 'End']) await page.keyboard.press(key)
    const text = await page.locator('body').innerText()
    assert.match(text, /unknown\s+nothing was read/)
    assert.doesNotMatch(text, /undefined|NaN/)
    assert.equal(await page.locator('[d*=NaN], [x1*=NaN]').count(), 0)
    assert.deepEqual(complaints, [])
    await page.close()
    return undefined
  }),

  check('everything can be done with the keyboard alone, and focus is always seen', async browser => {
    const { page } = await browser.open(pageOf(badOperations))
    const stops = await stopsOfTab(page)
    const names = stops.map(({ name }) => name)
    for (const name of [
      'Settings, command',
      'Help',
      'Operation',
      'Next anomaly',
      'Nearer',
      'p3',
      'lost-write',
      'line 16',
    ]) {
      assert.ok(
        names.some(one => one.includes(name)),
        `Tab never comes to ${name}: ${names.join(', ')}`,
      )
    }
    assert.deepEqual(
      stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name),
      [],
      'focus is not seen on',
    )
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Help' }).waitFor()
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('dialog').count(), 0)
    await page.close()
    return undefined
  }),

  check('screen readers find parts by their names, and hear where they are', async browser => {
    const { page } = await browser.open(pageOf(badOperations), '#step=2')
    for (const [role, name] of [
      ['main', 'Offsets over time'],
      ['img', 't/0: '],
      ['img', 'What each of 6 clients did'],
      ['slider', 'Operation'],
      ['navigation', 'Operations'],
      ['group', 'Clients that are drawn'],
      ['region', '5 anomalies'],
    ] as const) {
      assert.ok((await page.getByRole(role, { name }).count()) > 0, `there is no ${role} "${name}"`)
    }
    await page.keyboard.press('ArrowRight')
    assert.match(await page.locator('[aria-live]').innerText(), /^Line \d+: .+/)
    const tree = await page.locator('body').ariaSnapshot()
    assert.doesNotMatch(tree, /^\s*- (button|link|slider)( \[.*\])?:?$/m, 'something has no name')
    await page.close()
    return undefined
  }),

  check('no page is wider than its screen, and the buttons are always in sight', async browser => {
    const said: string[] = []
    for (const look of [laptop, phone, { ...phone, width: 320, height: 568 }]) {
      for (const [name, operations] of Object.entries({
        good: goodOperations,
        bad: badOperations,
        hostile: hostileOperations(),
        many: manyOperations(),
      })) {
        const { page } = await browser.open(pageOf(operations, 'h.ndjson'), '', look)
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(width <= look.width, `${name} is ${width} wide on ${look.width}`)
        const slider = await page.getByRole('slider').boundingBox()
        assert.ok(slider !== null && slider.y + slider.height <= look.height, `the slider of ${name} is out of sight`)
        said.push(`${name} ${width}`)
        await page.close()
      }
    }
    return said.join(', ')
  }),

  check('words can be read on what they stand on, in both schemes', async browser => {
    const said: string[] = []
    for (const dark of [false, true]) {
      const { page } = await browser.open(pageOf(badOperations), '', { ...laptop, dark })
      const worst = await page.evaluate(weakestContrast)
      assert.ok(worst.ratio >= 4.5, `${worst.what} has a contrast of ${worst.ratio.toFixed(2)}`)
      said.push(`${dark ? 'dark' : 'light'}: weakest ${worst.ratio.toFixed(1)} (${worst.what})`)
      await page.close()
    }
    return said.join(', ')
  }),
]
