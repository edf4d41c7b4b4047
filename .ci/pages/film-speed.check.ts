// A trace of 200 operations with five brokers: the size of its page, which has a limit, and how long it takes from a click to a
// drawn step, which is reported and not asserted, since machines differ.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { scopes } from '../../properties/scopes.ts'
import { lockstepFilm } from '../../traces/film/lockstep.ts'
import { walked200 } from '../../traces/film/testing/runs.ts'
import { type Check, check } from './check.ts'
import { filmPage, selected } from './film-page.ts'

export const checks: readonly Check[] = [
  check('200 operations of five brokers are less than a megabyte; how long a step takes', async browser => {
    const { setup, operations } = walked200(9, 5)
    const about = { name: 'a walk', note: null, origin: null, replay: null }
    const film = lockstepFilm(setup, operations, scopes.cluster.subject, about)
    const html = filmPage(film)
    const { page } = await browser.open(html, '#step=0')
    const last = film.steps.length - 1
    assert.equal(last, 200)
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
    const bytes = Buffer.byteLength(html)
    assert.ok(bytes < 1_000_000, `${bytes} bytes`)
    return [
      `${Math.round(bytes / 1000)} kB, ${film.messages.length} messages; from a click to a drawn step, in milliseconds:`,
      `a step on  ${told(forward)}`,
      `a jump     ${told(jumps)}`,
    ].join('\n          ')
  }),
]

/** Of one click: what the browser worked for it, and when it was painted, with the waiting for the screen. */
type Click = { readonly worked: number; readonly painted: number }

/**
 * Clicks operations in the list, one after the other. What is worked is script, style and layout, and then the frame from its
 * beginning until it is painted; what lies between is waiting for the screen, which asks for a frame every 16.7 ms.
 */
async function clicks(page: Page, steps: readonly number[]): Promise<readonly Click[]> {
  return page.evaluate(async all => {
    const items = [...document.querySelectorAll<HTMLElement>('.operations a')]
    const times: { worked: number; painted: number }[] = []
    for (const step of all) {
      const click = performance.now()
      items[step]?.click()
      // The page draws in a microtask.
      await Promise.resolve()
      await Promise.resolve()
      document.body.getBoundingClientRect()
      const drawn = performance.now()
      const [frame, painted] = await new Promise<readonly [number, number]>(done => {
        requestAnimationFrame(() => {
          const begun = performance.now()
          const channel = new MessageChannel()
          channel.port1.onmessage = () => done([begun, performance.now()])
          channel.port2.postMessage(null)
        })
      })
      if (items[step]?.getAttribute('aria-current') !== 'step') throw new Error(`step ${step} was not drawn in time`)
      times.push({ worked: drawn - click + painted - frame, painted: painted - click })
    }
    return times
  }, steps)
}

function told(clicks: readonly Click[]): string {
  const of = (times: readonly number[]): string => {
    const sorted = times.toSorted((one, another) => one - another)
    const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
    return `median ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)}`
  }
  return `${of(clicks.map(click => click.worked))} of work; ${of(clicks.map(click => click.painted))} until it is painted`
}
