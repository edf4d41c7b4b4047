// The picture where room is short: what matters of a log is in sight, and what was chosen stays so when the window changes.
import assert from 'node:assert/strict'
import type { Film, LogScene } from '../../traces/film/film.ts'
import { log, longFilm, smallFilm } from '../../traces/viewer/film/testing/films.ts'
import { laptop, phone } from './browser.ts'
import { type Check, check } from './check.ts'
import { filmPage } from './film-page.ts'

export const checks: readonly Check[] = [
  check('high watermark and end of every log are in sight, on a laptop and on a phone', async browser => {
    const films = [13, 14, 15, 40].flatMap(count => [
      withLog({ ...ordinary(count), highWatermark: count }),
      withLog({ ...ordinary(count), highWatermark: count - 1 }),
      withLog({ ...ordinary(count), logStartOffset: count, syncedOffset: count, highWatermark: count }),
    ])
    let pins = 0
    for (const look of [laptop, phone]) {
      for (const film of films) {
        const { page } = await browser.open(filmPage(film), '#step=4', look)
        const outside = await page.evaluate(pinsOutOfSight)
        assert.deepEqual(outside.hidden, [], `at ${look.width}`)
        pins += outside.seen
        await page.close()
      }
    }
    assert.ok(pins >= 2 * films.length, `only ${pins} pins`)
    return `${pins} pins`
  }),

  check('records below the log start are told from others, by more than colour', async browser => {
    const { page } = await browser.open(filmPage(withLog({ ...ordinary(8), logStartOffset: 5 })), '#step=4')
    const cells = await page.locator('.strip').first().locator('.cell.record').all()
    const looks = await Promise.all(
      cells.map(cell =>
        cell.evaluate(one => ({
          title: one.getAttribute('title')?.split('\n', 1)[0],
          isHatched: getComputedStyle(one).backgroundImage.includes('gradient'),
        })),
      ),
    )
    const below = { title: 'below the log start: no longer read', isHatched: true }
    assert.deepEqual(looks.slice(0, 5), [below, below, below, below, below])
    assert.deepEqual(
      looks.slice(5),
      Array(3)
        .fill(null)
        .map((_, place) => ({ title: `offset ${place + 5}`, isHatched: false })),
    )
    assert.equal(await page.locator('.sample.unread').innerText(), 'below the log start')
    await page.getByRole('figure', { name: '8 records, 5 of them below the log start' }).first().waitFor()
    await page.close()
    return undefined
  }),

  check('the chosen step stays in sight when the window changes, in the diagram and in the list', async browser => {
    const { page } = await browser.open(filmPage(longFilm(120, 5, 1)), '#step=60')
    for (const look of [phone, laptop, { ...phone, width: 844, height: 390 }, phone]) {
      await page.setViewportSize({ width: look.width, height: look.height })
      await page.waitForTimeout(200)
      const seen = await page.evaluate(() => {
        const [cursor, view, names, item, list] = [
          '.cursor',
          '.view',
          '.names',
          '.operations [aria-current=step]',
          '.operations ol',
        ].map(one => document.querySelector(one)?.getBoundingClientRect() ?? new DOMRect())
        if (!cursor || !view || !names || !item || !list) return [false, false]
        return [
          cursor.left >= names.right - 1 && cursor.left < view.right - 20,
          item.top >= list.top - 1 && item.top < list.bottom - 20,
        ]
      })
      assert.deepEqual(seen, [true, true], `at ${look.width} x ${look.height}`)
    }
    await page.close()
    return undefined
  }),

  check('words of the table of a group do not break beside long member ids', async browser => {
    for (const look of [laptop, phone]) {
      const { page } = await browser.open(filmPage(withLongMembers()), '#step=1', look)
      assert.deepEqual(await page.evaluate(brokenWords), [], `at ${look.width}`)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'wider than the page')
      await page.close()
    }
    return undefined
  }),
]

function ordinary(count: number): LogScene {
  const texts = Array.from({ length: count }, (_, offset) => `v${offset}`)
  return { ...log('t/0', 'leader', 0, texts), highWatermark: count }
}

/** The small film; in its last step every replica has this log. */
function withLog(one: LogScene): Film {
  const film = smallFilm()
  const steps = film.steps.map((step, index) => {
    if (index !== 4) return step
    const nodes = Object.entries(step.model.nodes).map(([lane, node]) => [lane, { ...node, logs: [one] }])
    return { ...step, model: { ...step.model, nodes: Object.fromEntries(nodes) } }
  })
  return { ...film, steps }
}

function withLongMembers(): Film {
  const film = smallFilm()
  const steps = film.steps.map(step => ({
    ...step,
    model: {
      ...step.model,
      groups: step.model.groups.map(group => ({
        ...group,
        members: group.members.map(member => ({
          ...member,
          memberId: `consumer-${'0a1b2c3d-'.repeat(20)}`,
          owns: [],
          waitsFor: 'the assignment of its leader',
        })),
      })),
    },
  }))
  return { ...film, steps }
}

/** Pins of the high watermark and of the end that are not wholly within what is seen of their strip; runs in the page. */
function pinsOutOfSight(): { readonly seen: number; readonly hidden: readonly string[] } {
  const hidden: string[] = []
  let seen = 0
  for (const view of document.querySelectorAll('.strip-view')) {
    const room = view.getBoundingClientRect()
    for (const pin of view.querySelectorAll('.pin:has(.high-watermark), .pin:has(.end)')) {
      const { left, right } = pin.getBoundingClientRect()
      if (left >= room.left && right <= room.right) seen += 1
      else
        hidden.push(
          `${view.getAttribute('aria-label')}: ${pin.textContent} from ${left - room.left} to ${right - room.left} of ${room.width}`,
        )
    }
  }
  return { seen, hidden }
}

/** Words in cells of groups that stand on more than one line; runs in the page. */
function brokenWords(): readonly string[] {
  const broken: string[] = []
  for (const value of document.querySelectorAll('.group td')) {
    const texts = document.createTreeWalker(value, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      for (const word of (text.textContent ?? '').matchAll(/\S+/g)) {
        const range = document.createRange()
        range.setStart(text, word.index)
        range.setEnd(text, word.index + word[0].length)
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word[0])
      }
    }
  }
  return broken
}
