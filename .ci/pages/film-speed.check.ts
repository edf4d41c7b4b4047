// How long it takes from a click to a drawn step: reported, and not asserted, since machines differ.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { longFilm } from '../../traces/viewer/film/testing/films.ts'
import { pageWith } from '../../traces/viewer/page.ts'
import { type Check, check } from './check.ts'
import { filmPage, selected } from './film-page.ts'

/** A packed film to measure instead of one that was made up. */
const measured = process.env.LOCKSTEP_FILM

export const checks: readonly Check[] = [
  check('the time from a click to a drawn step, over 200 operations with five brokers', async browser => {
    const html =
      measured === undefined
        ? filmPage(longFilm(200, 5, 2))
        : pageWith('film', readFileSync(measured, 'utf8'), measured)
    const { page } = await browser.open(html, '#step=0')
    const last = (await page.locator('.operations li').count()) - 1
    const forward = await clicks(
      page,
      Array.from({ length: last }, (_, index) => index + 1),
    )
    assert.equal(await selected(page), last)
    // From end to end and back, nothing is as it was on the step before.
    const jumps = await clicks(
      page,
      Array.from({ length: last }, (_, index) => (index % 2 === 0 ? index : last - index)),
    )
    await page.close()
    const size = Math.round(html.length / 1000)
    return `${size} kB; a step on ${told(forward)}; a jump ${told(jumps)}; milliseconds of script, style, layout and paint`
  }),
]

/**
 * Clicks operations in the list, one after the other. A click's time is that of its script, style and layout, and then that of
 * its frame from the beginning until it is painted; what lies between is waiting for the screen.
 */
async function clicks(page: Page, steps: readonly number[]): Promise<readonly number[]> {
  return page.evaluate(async all => {
    const items = [...document.querySelectorAll<HTMLElement>('.operations a')]
    const times: number[] = []
    for (const step of all) {
      performance.mark('click')
      items[step]?.click()
      // The page draws in a microtask.
      await Promise.resolve()
      await Promise.resolve()
      document.body.getBoundingClientRect()
      const script = performance.measure('script', 'click').duration
      const frame = await new Promise<number>(done => {
        requestAnimationFrame(() => {
          performance.mark('frame')
          const channel = new MessageChannel()
          channel.port1.onmessage = () => done(performance.measure('painted', 'frame').duration)
          channel.port2.postMessage(null)
        })
      })
      if (items[step]?.getAttribute('aria-current') !== 'step') throw new Error(`step ${step} was not drawn in time`)
      times.push(script + frame)
    }
    return times
  }, steps)
}

function told(times: readonly number[]): string {
  const sorted = [...times].sort((one, another) => one - another)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  return `median ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)}`
}
