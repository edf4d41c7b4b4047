// Whatever is in a film stays text, and whatever a film lacks, there is something sensible to see.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Film } from '../../traces/film/film.ts'
import { emptyFilm, hostileFilm, hostileTexts, longFilm, smallFilm } from '../../traces/viewer/film/testing/films.ts'
import { legibleText } from '../../traces/viewer/shared/legible.ts'
import { type Check, check } from './check.ts'
import { filmPage, selected } from './film-page.ts'

/** Opens everything that can be opened, and points at everything. */
async function lookEverywhere(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (let round = 0; round < 4; round++) {
      for (const fold of document.querySelectorAll<HTMLElement>('main .fold[aria-expanded=false]')) fold.click()
    }
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  await page.waitForTimeout(200)
  const body = await page.locator('svg.body').boundingBox()
  for (let x = 0; body !== null && x < 200; x += 8) await page.mouse.move(body.x + 108 + x, body.y + 10 + (x % 60))
}

export const checks: readonly Check[] = [
  check('hostile content in every name, record and value runs nothing and is shown as text', async browser => {
    const { page, complaints } = await browser.open(filmPage(hostileFilm()), '#step=1')
    await lookEverywhere(page)
    for (const key of ['ArrowLeft', 'ArrowRight', '?', 'Escape', 'd']) await page.keyboard.press(key)
    await lookEverywhere(page)
    const found = await page.evaluate(() => ({
      harmed: 'harmed' in globalThis,
      // What a film could smuggle in: the page itself makes none of these.
      foreign: document.querySelectorAll('img, iframe, object, embed, script:not(#data):not([type=module])').length,
      scripts: document.scripts.length,
      handlers: [...document.querySelectorAll('*')]
        .flatMap(one => one.getAttributeNames())
        .filter(name => name.startsWith('on')),
      links: [...document.links]
        .map(link => link.getAttribute('href') ?? '')
        .filter(href => !href.startsWith('#step=')),
      text: document.body.innerText,
      attributes: [...document.querySelectorAll('[title], [aria-label]')].map(
        one => `${one.getAttribute('title') ?? ''}${one.getAttribute('aria-label') ?? ''}`,
      ),
    }))
    const { text, attributes, ...rest } = found
    assert.deepEqual(rest, { harmed: false, foreign: 0, scripts: 2, handlers: [], links: [] })
    assert.deepEqual(complaints, [])
    for (const hostile of hostileTexts.filter(one => one.length < 200)) {
      assert.ok(text.includes(legibleText(hostile)), `not shown: ${legibleText(hostile)}`)
    }
    // Lines and tabs are those of the page's own lists and tables.
    const invisible = [text, ...attributes]
      .flatMap(shown => [...shown])
      .filter(one => one !== '\n' && one !== '\t' && legibleText(one) !== one)
    assert.deepEqual(invisible, [], 'invisible signs are left')
    await page.close()
    return undefined
  }),

  check('the policy of the page stops what would run in it', async browser => {
    const { page, complaints } = await browser.open(filmPage(smallFilm()))
    await page.evaluate(() => {
      const image = document.createElement('img')
      image.src = 'http://127.0.0.1:9/x.png'
      document.body.append(image)
      const script = document.createElement('script')
      script.textContent = 'globalThis.harmed = 1'
      document.body.append(script)
      document.body.insertAdjacentHTML('beforeend', '<p onclick="globalThis.harmed = 2">x</p>')
      document.body.lastElementChild?.dispatchEvent(new Event('click'))
    })
    await page.waitForTimeout(200)
    assert.equal(await page.evaluate(() => 'harmed' in globalThis), false)
    for (const directive of ['img-src', 'script-src-elem', 'script-src-attr']) {
      assert.ok(
        complaints.includes(`console: policy: ${directive}`),
        `${directive} is not noticed: ${complaints.join('\n')}`,
      )
    }
    await page.close()
    return undefined
  }),

  check('data that are not a film are told, not drawn', async browser => {
    for (const [data, says] of [
      ['[[1],0]', 'not a film'],
      ['{', 'JSON'],
    ] as const) {
      const empty = filmPage(smallFilm()).replace(/(<script id="data"[^>]*>).*?<\/script>/s, `$1${data}</script>`)
      const { page } = await browser.open(empty)
      assert.match(await page.locator('main').innerText(), new RegExp(says))
      await page.close()
    }
    return undefined
  }),

  ...odd('of nothing but a start', emptyFilm(), 0, ['0 of 0']),
  ...odd('without messages', { ...smallFilm(), messages: [] }, 3, ['3 of 4', 'Logs']),
  ...odd('of one side only', { ...oneSided(), scope: 'abstract' }, 3, ['Logs', 'e1']),
  ...odd('of a live broker', liveFilm(), 1, [
    'Answers',
    'allowed',
    '"error":"NONE"',
    '"error":"UNKNOWN_TOPIC_OR_PARTITION"',
  ]),
  ...odd('of 40 partitions', longFilm(30, 3, 40), 1, ['t/39']),
  ...odd('whose subject showed nothing', subjectGone(), 2, ['impl showed nothing after this step']),
]

function odd(what: string, film: Film, first: number, texts: readonly string[]): readonly Check[] {
  return [
    check(`a film ${what} is sensible at every step`, async browser => {
      const { page, complaints } = await browser.open(filmPage(film))
      assert.equal(await selected(page), first)
      const text = await page.locator('body').innerText()
      for (const expected of texts) assert.ok(text.includes(expected), `it does not say ${expected}`)
      await page.keyboard.press('Home')
      for (let step = 0; step < Math.min(film.steps.length, 10); step++) {
        assert.equal(await selected(page), step)
        await page.keyboard.press('ArrowRight')
      }
      assert.doesNotMatch(await page.locator('body').innerText(), /undefined|NaN|\[object/)
      assert.equal(await page.locator('path[d*=NaN], [style*=NaN]').count(), 0)
      assert.deepEqual(complaints, [])
      await page.close()
      return undefined
    }),
  ]
}

function oneSided(): Film {
  const film = smallFilm()
  const steps = film.steps.map(step => ({
    ...step,
    subject: null,
    outcome: { model: null, subject: null },
    differences: [],
  }))
  return { ...film, subject: null, steps }
}

function subjectGone(): Film {
  const film = smallFilm()
  const steps = film.steps.slice(0, 3).map((step, index) => (index === 2 ? { ...step, subject: null } : step))
  const verdict = {
    kind: 'unknown',
    title: 'the subject is gone',
    sentence: 'It said nothing.',
    settings: [],
    step: null,
  } as const
  return { ...film, steps, verdict, messages: film.messages.slice(0, 3) }
}

function liveFilm(): Film {
  const film = smallFilm()
  const nothing = { nodes: {}, partitions: [], groups: [], cuts: [], raw: null }
  const allowed = [{ error: 'NONE' }, { error: 'UNKNOWN_TOPIC_OR_PARTITION' }]
  const outcome = { model: allowed, subject: { error: 'OFFSET_OUT_OF_RANGE' } }
  const steps = film.steps.map(step => ({
    ...step,
    model: nothing,
    subject: null,
    outcome,
    marks: [],
    differences: [],
  }))
  return {
    ...film,
    scope: 'service',
    lanes: [{ name: 'client', kind: 'client' }],
    steps,
    messages: [],
    verdict: { ...film.verdict, step: 1 },
  }
}
