// The picture for readers without a mouse, without sight, with a small screen.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { hostileFilm, longFilm, smallFilm } from '../../traces/viewer/film/testing/films.ts'
import { laptop, phone } from './browser.ts'
import { type Check, check } from './check.ts'
import { filmPage, selected } from './film-page.ts'

export const checks: readonly Check[] = [
  check('everything can be done with the keyboard alone, and focus is always seen', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()), '#step=1')
    const stops = await stopsOfTab(page)
    const names = stops.map(stop => stop.name)
    for (const name of [
      'Set-up, replay',
      'Help',
      'Step',
      'Next step',
      'Wider columns',
      'Log of b1',
      'Everything that was observed',
    ]) {
      assert.ok(
        names.some(one => one.includes(name)),
        `Tab never comes to ${name}: ${names.join(', ')}`,
      )
    }
    assert.deepEqual(
      stops.filter(stop => !stop.isSeen).map(stop => stop.name),
      [],
      'focus is not seen on',
    )
    // In the list of operations there is one stop, which walks with the selection.
    assert.equal(names.filter(name => name.includes('send p1') || name.includes('crash b1')).length, 1)
    await page.locator('.operations [aria-current=step]').focus()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('crash b1'))
    await page.getByRole('slider').focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await selected(page), 3)
    await page.locator('main').focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await selected(page), 3, 'what scrolls is scrolled')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Escape')
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(await selected(page), 3, 'keys do nothing behind the help')
    await page.getByRole('button', { name: 'Everything that was observed' }).press('Enter')
    await page.close()
    return undefined
  }),

  check('screen readers find parts by their names, and hear which step it is', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()))
    for (const [role, name] of [
      ['heading', 'L1 acknowledged means kept'],
      ['region', 'Diagram'],
      ['img', 'Space-time diagram: 4 lanes, 4 operations, 5 messages'],
      ['region', 'Steps'],
      ['slider', 'Step'],
      ['navigation', 'Operations'],
      ['main', 'Step 3'],
      ['region', 'Differences'],
      ['region', 'Logs'],
      ['figure', 'Log of b1, model: starts at 0, ends before 2, high watermark 1, synced up to 0, 2 records'],
      ['region', 'Groups'],
      ['region', 'Messages'],
      ['list', 'Legend'],
      ['list', 'Lanes'],
    ] as const) {
      assert.ok((await page.getByRole(role, { name }).count()) >= 1, `there is no ${role} called ${name}`)
    }
    await page.keyboard.press('ArrowRight')
    const heard = page.locator('[aria-live=polite]')
    await heard.filter({ hasText: 'Step 4 of 4: advance 10.' }).waitFor({ state: 'attached' })
    const slider = await page.getByRole('slider').getAttribute('aria-valuetext')
    assert.equal(slider, '4: advance 10')
    const tree = await page.locator('body').ariaSnapshot()
    assert.doesNotMatch(tree, /^\s*- (button|link|slider|checkbox)( \[.*\])?:?$/m, 'something has no name')
    await page.close()
    return undefined
  }),

  check('no page is wider than its screen, and on a laptop everything is in sight at once', async browser => {
    const films = { small: smallFilm(), long: longFilm(60, 5, 3), hostile: hostileFilm() }
    const said: string[] = []
    for (const look of [laptop, phone, { ...phone, width: 320, height: 568 }]) {
      for (const [name, film] of Object.entries(films)) {
        const { page } = await browser.open(filmPage(film), '', look)
        const size = await page.evaluate(() => ({
          width: document.documentElement.scrollWidth,
          height: document.documentElement.scrollHeight,
        }))
        assert.ok(size.width <= look.width, `${name} is ${size.width} wide on ${look.width}`)
        if (look === laptop && name !== 'hostile')
          assert.equal(size.height, look.height, `${name} is ${size.height} high`)
        const slider = await page.getByRole('slider').boundingBox()
        assert.ok(slider !== null && slider.y + slider.height <= look.height, `the slider of ${name} is out of sight`)
        said.push(`${name} ${size.width}x${size.height}`)
        await page.close()
      }
    }
    return said.join(', ')
  }),

  check('words can be read on what they stand on, in both schemes', async browser => {
    const said: string[] = []
    for (const dark of [false, true]) {
      const { page } = await browser.open(filmPage(smallFilm()), '', { ...laptop, dark })
      const worst = await page.evaluate(weakestContrast)
      assert.ok(worst.ratio >= 4.5, `${worst.what} has a contrast of ${worst.ratio.toFixed(2)}`)
      said.push(`${dark ? 'dark' : 'light'}: weakest ${worst.ratio.toFixed(1)} (${worst.what})`)
      await page.close()
    }
    return said.join(', ')
  }),
]

/** Where Tab comes to, until it leaves the page. */
export async function stopsOfTab(page: Page): Promise<readonly { readonly name: string; readonly isSeen: boolean }[]> {
  const stops: { name: string; isSeen: boolean }[] = []
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const on = document.activeElement
      if (on === null || on === document.body) return null
      return {
        name: on.getAttribute('aria-label') ?? on.textContent ?? '',
        isSeen: getComputedStyle(on).outlineStyle !== 'none',
      }
    })
    if (stop === null) break
    stops.push(stop)
  }
  return stops
}

/** Of all texts of the page, by WCAG's formula; runs in the page. */
export function weakestContrast(): { readonly ratio: number; readonly what: string } {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  // The canvas turns every notation of a colour into four numbers.
  const drawn = (...colours: readonly string[]): readonly number[] => {
    if (canvas === null) return [0, 0, 0]
    for (const colour of colours) {
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
    }
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const luminance = (rgb: readonly number[]): number => {
    const [red = 0, green = 0, blue = 0] = rgb.map(one => {
      const share = one / 255
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  let weakest = { ratio: 21, what: '' }
  for (const one of document.querySelectorAll('body *')) {
    const hasWords = [...one.childNodes].some(
      node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
    )
    if (!hasWords || !one.checkVisibility() || one.closest('script, style, noscript, :disabled') !== null) continue
    const grounds: string[] = []
    for (let at: Element | null = one; at !== null; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor)
    const style = getComputedStyle(one)
    const [over, under] = [
      luminance(drawn('#fff', ...grounds, one instanceof SVGElement ? style.fill : style.color)),
      luminance(drawn('#fff', ...grounds)),
    ]
    const ratio = (Math.max(over, under) + 0.05) / (Math.min(over, under) + 0.05)
    if (ratio < weakest.ratio)
      weakest = {
        ratio,
        what: `${one.tagName.toLowerCase()}.${one.getAttribute('class') ?? ''} "${one.textContent?.slice(0, 20)}"`,
      }
  }
  return weakest
}
