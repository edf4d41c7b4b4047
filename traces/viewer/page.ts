// A page with its data in it: one self-contained HTML file that needs no network and runs only the scripts that were built
// into it.
//
//   traces/viewer/NAME/page.tsx, page.css ──► npm run build ──► dist/pages/NAME.html ──► pageWith ──► what the user opens
//
// The data stand in a script element of type application/json, which browsers do not run; the page's policy names its own
// script and style by their hashes and allows nothing else, so that hostile text in a trace stays text.
import { existsSync, readFileSync } from 'node:fs'
import { dataMark, escapedJson, titleMark } from './template.ts'

export type PageName = 'film' | 'report' | 'history'

/** There is no built page; the message says how to make one. */
export class PageError extends Error {
  override readonly name = 'PageError'
}

/**
 * The page as a text. `dataText` is JSON, which the page finds as `dataText()` in shared/data.ts. Throws `PageError` when
 * the pages were not built.
 */
export function pageWith(name: PageName, dataText: string, title: string): string {
  const file = new URL(`../../dist/pages/${name}.html`, import.meta.url)
  if (!existsSync(file)) throw new PageError(`dist/pages/${name}.html is not there. Make it: npm run build`)
  const [beforeTitle = '', afterTitle = ''] = readFileSync(file, 'utf8').split(titleMark)
  const [beforeData = '', afterData = ''] = afterTitle.split(dataMark)
  return [beforeTitle, escapedHtml(title), beforeData, escapedJson(dataText), afterData].join('')
}

function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
