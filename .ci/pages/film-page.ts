// What checks of the picture share.
import type { Page } from 'playwright-core'
import type { Film } from '../../traces/film/film.ts'
import { packed } from '../../traces/film/packed.ts'
import { pageWith } from '../../traces/viewer/page.ts'

/** A page that shows a film. */
export function filmPage(film: Film): string {
  // A film is JSON; its type cannot say so, since readonly types have no index.
  return pageWith('film', packed(JSON.parse(JSON.stringify(film))), film.name)
}

/** The step that is selected, as the list of operations says it. */
export async function selected(page: Page): Promise<number> {
  return Number(await page.locator('.operations [aria-current=step] .number').innerText())
}
