// The picture where room is short: what matters of a log is in sight, and what was chosen stays so when the window changes.
import assert from 'node:assert/strict'
import type { Film, LogScene } from '../../traces/film/film.ts'
import { log, smallFilm } from '../../traces/viewer/film/testing/films.ts'
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
