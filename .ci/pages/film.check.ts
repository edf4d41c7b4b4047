// The picture of a run: what a reader does with it.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { longFilm, smallFilm } from '../../traces/viewer/film/testing/films.ts'
import { laptop, phone } from './browser.ts'
import { type Check, check } from './check.ts'
import { filmPage, selected } from './film-page.ts'

export const checks: readonly Check[] = [
  check('opens from the disk at the divergence, asks for nothing and complains about nothing', async browser => {
    const { page, complaints } = await browser.open(filmPage(smallFilm()))
    assert.equal(await selected(page), 3)
    const verdict = await page.locator('.verdict').innerText()
    for (const text of ['L1 acknowledged means kept', 'b1 has another record there', 'min.insync.replicas=2']) {
      assert.ok(verdict.includes(text), `the verdict does not say ${text}`)
    }
    await page.waitForTimeout(300)
    assert.deepEqual(complaints, [])
    await page.close()
    return undefined
  }),

  check('keys step, jump to the divergence and stop at both ends', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()), '#step=0')
    const steps: number[] = []
    for (const key of [
      'ArrowRight',
      'j',
      'ArrowLeft',
      'End',
      'ArrowRight',
      'd',
      'k',
      'p',
      'n',
      'Home',
      'ArrowUp',
      'ArrowDown',
    ]) {
      await page.keyboard.press(key)
      steps.push(await selected(page))
    }
    assert.deepEqual(steps, [1, 2, 1, 4, 4, 3, 2, 1, 2, 0, 0, 1])
    await page.close()
    return undefined
  }),

  check('what is out of sight follows: whoever came step by step reads what an opened link says', async browser => {
    const words = async (page: Page): Promise<string> => {
      await page.locator('main:not(:has([aria-busy]))').waitFor()
      return page.locator('main').innerText()
    }
    const html = filmPage(smallFilm())
    const { page } = await browser.open(html, '#step=0', phone)
    for (const step of [1, 2, 3, 4]) {
      await page.keyboard.press('ArrowRight')
      const { page: opened } = await browser.open(html, `#step=${step}`, phone)
      assert.equal(await words(page), await words(opened), `step ${step}`)
      await opened.close()
    }
    await page.close()
    return undefined
  }),

  check('slider, buttons, operations and columns step', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()), '#step=0')
    await page.getByRole('slider', { name: 'Step' }).fill('2')
    assert.equal(await selected(page), 2, 'slider')
    await page.getByRole('button', { name: 'Next step' }).click()
    assert.equal(await selected(page), 3, 'next')
    await page.getByRole('button', { name: 'First step' }).click()
    assert.equal(await selected(page), 0, 'first')
    await page.getByRole('button', { name: 'divergence' }).click()
    assert.equal(await selected(page), 3, 'divergence')
    await page.locator('.operations a').nth(1).click()
    assert.equal(await selected(page), 1, 'operation')
    const body = await page.locator('svg.body').boundingBox()
    assert.ok(body !== null)
    await page.mouse.click(body.x + 2 * 108 + 50, body.y + 4)
    assert.equal(await selected(page), 2, 'column')
    await page.close()
    return undefined
  }),

  check('a link selects a step, follows the reader, and is followed when it changes', async browser => {
    const { page } = await browser.open(filmPage(longFilm(20, 3, 1)), '#step=7')
    assert.equal(await selected(page), 7)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => location.hash === '#step=8')
    await page.evaluate(() => {
      location.hash = '#step=12'
    })
    await page.locator('.operations [aria-current=step] .number', { hasText: '12' }).waitFor()
    await page.evaluate(() => {
      location.hash = '#step=99'
    })
    await page.locator('.operations [aria-current=step] .number', { hasText: '20' }).waitFor()
    await page.evaluate(() => {
      location.hash = '#other'
    })
    await page.waitForTimeout(50)
    assert.equal(await selected(page), 20, 'what says nothing of a step')
    await page.close()
    return undefined
  }),

  check('a step that is selected is in sight, in the diagram and in the list', async browser => {
    const { page } = await browser.open(filmPage(longFilm(200, 5, 1)))
    for (const link of [150, 3, 200]) {
      await page.evaluate(step => {
        location.hash = `#step=${step}`
      }, link)
      await page.locator('.operations [aria-current=step] .number', { hasText: `${link}` }).waitFor()
      const inSight = await page.evaluate(() => {
        const within = (inner: string, outer: string): boolean => {
          const one = document.querySelector(inner)?.getBoundingClientRect()
          const room = document.querySelector(outer)?.getBoundingClientRect()
          if (one === undefined || room === undefined) return false
          return (
            one.left >= room.left && one.right <= room.right + 1 && one.top >= room.top - 1 && one.top < room.bottom
          )
        }
        return [within('.cursor', '.view'), within('.operations [aria-current=step]', '.operations ol')]
      })
      assert.deepEqual(inSight, [true, true], `step ${link}`)
    }
    await page.close()
    return undefined
  }),

  check('at the divergence both sides stand beside each other, with what differs marked', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()))
    assert.equal(await page.locator('.differences tbody tr').count(), 1)
    assert.match(await page.locator('.differences tbody tr').innerText(), /nodes\.b1\.logs.*"c".*"b"/s)
    assert.deepEqual(await page.locator('.log em').allInnerTexts(), ['model', '≠ impl'])
    assert.deepEqual(await page.locator('.cell.differs').allInnerTexts(), ['e1\n1 c', 'e1\n1 b'])
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.locator('.differences, .verdict').count(), 0)
    // The record that the crash took with it.
    assert.equal(await page.locator('.cell.gone').count(), 3)
    await page.close()
    return undefined
  }),

  check('the replay command is copied with one click; without a clipboard it is selected', async browser => {
    const film = smallFilm()
    const { page } = await browser.open(filmPage(film))
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => Object.assign(globalThis, { copied: text }) },
        configurable: true,
      })
    })
    const copy = page.locator('.verdict').getByRole('button', { name: 'Copy the replay command' })
    const says = page.locator('.verdict').getByRole('status')
    await copy.click()
    await says.filter({ hasText: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'copied')), film.replay)
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true }))
    await copy.click()
    await says.filter({ hasText: 'Selected' }).waitFor()
    assert.equal(await page.evaluate(() => `${getSelection()}`), film.replay)
    await page.close()
    return undefined
  }),

  check('pointing at a message, or walking to it in the list, says what it is and shows its line', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()), '#step=1')
    const body = await page.locator('svg.body').boundingBox()
    assert.ok(body !== null)
    await page.mouse.move(body.x + 108 + 34, body.y + 96)
    assert.match(await page.locator('.tip').innerText(), /Fetch t\/0 from 1\s+p1 → b1, delivered/)
    await page.mouse.move(body.x + 5, body.y + 64)
    assert.equal(await page.locator('.tip').count(), 0)
    await page.locator('.message-list button').nth(1).focus()
    assert.equal(await page.locator('svg.over path').count(), 1)
    assert.match(await page.locator('.message-list button').nth(1).innerText(), /refused: FENCED_LEADER_EPOCH/)
    await page.keyboard.press('Enter')
    assert.match(await page.locator('.message-list pre').innerText(), /"kind": "Fetch"/)
    await page.close()
    return undefined
  }),

  check('fates differ by line and by end, not by colour alone', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()))
    const shapes = await page.evaluate(() =>
      ['delivered', 'refused', 'lost', 'late', 'waiting'].map(fate => {
        const line = document.querySelector(`.legend .messages.${fate} .line`)
        const head = document.querySelector(`.legend .messages.${fate} .head`)
        if (line === null || head === null) return 'missing'
        const isFilled = getComputedStyle(head).fill === getComputedStyle(head).stroke
        return `${getComputedStyle(line).strokeDasharray} ${isFilled} ${head.getAttribute('d')}`
      }),
    )
    assert.ok(!shapes.includes('missing'), shapes.join('; '))
    assert.equal(new Set(shapes).size, 5, shapes.join('; '))
    const glyphs = await page.locator('.legend .glyph').evaluateAll(all => all.map(one => one.getAttribute('d')))
    assert.equal(new Set(glyphs).size, glyphs.length)
    await page.close()
    return undefined
  }),

  check('dark and light follow the system, and the button', async browser => {
    const { page } = await browser.open(filmPage(smallFilm()), '', { ...laptop, dark: true })
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await paper()
    await page.getByRole('button', { name: 'Colours: system' }).click()
    assert.equal(await paper(), dark)
    await page.getByRole('button', { name: 'Colours: dark' }).click()
    assert.equal(await paper(), 'rgb(255, 255, 255)')
    await page.getByRole('button', { name: 'Colours: light' }).click()
    assert.equal(await paper(), dark)
    await page.close()
    return undefined
  }),

  check('what is printed has the diagram in lines, the step in full and all operations', async browser => {
    const { page } = await browser.open(filmPage(longFilm(40, 3, 1)), '#step=12')
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        document.title = `${document.querySelectorAll('.paper > svg').length} lines`
      })
    })
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const lines = Number((await page.title()).split(' ', 1)[0])
    assert.ok(lines > 3, `${lines} lines`)
    await page.emulateMedia({ media: 'print' })
    const shown = await page.evaluate(() =>
      ['.paper', '.operations li:last-child', '.details', '.transport', '.view'].map(
        part => (document.querySelector(part)?.getBoundingClientRect().height ?? 0) > 0,
      ),
    )
    assert.deepEqual(shown.slice(1), [true, true, false, false])
    await page.close()
    return `${lines} lines of diagram, ${Math.round(pdf.length / 1000)} kB of PDF`
  }),
]
