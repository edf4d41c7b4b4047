// A real, headless Chromium, and pages in it that are opened from the disk and watched: whatever they ask the network for, say
// on the console or are refused by their policy is written down.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

export type Look = {
  readonly width: number
  readonly height: number
  readonly dark: boolean
  readonly stillness: boolean
}

export const laptop: Look = { width: 1366, height: 768, dark: false, stillness: false }
export const phone: Look = { width: 390, height: 844, dark: false, stillness: false }

/** A page that is open, and what it did that a page from the disk must not. */
export type Watched = { readonly page: Page; readonly complaints: readonly string[] }

/** A browser of its own profile; everything is gone when `use` has ended. */
export async function withBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-pages-'))
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  try {
    return await use(browserIn(context, folder))
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

export type Browser = {
  /** Writes a page to the disk and opens it, at a link such as `#step=7`. */
  readonly open: (html: string, link?: string, look?: Look) => Promise<Watched>
  readonly openFile: (path: string, link?: string, look?: Look) => Promise<Watched>
  /** A file that is gone with the browser. */
  readonly file: (name: string, content: string) => string
}

function browserIn(context: BrowserContext, folder: string): Browser {
  let files = 0
  const file = (name: string, content: string): string => {
    files += 1
    const path = join(folder, `${files}-${name}`)
    writeFileSync(path, content)
    return path
  }
  const openFile = async (path: string, link = '', look = laptop): Promise<Watched> => {
    const page = await context.newPage()
    const complaints: string[] = []
    await page.setViewportSize({ width: look.width, height: look.height })
    await page.emulateMedia({
      colorScheme: look.dark ? 'dark' : 'light',
      reducedMotion: look.stillness ? 'reduce' : 'no-preference',
    })
    const address = pathToFileURL(path).href
    page.on('request', request => {
      if (request.url().split('#')[0] !== address) complaints.push(`asks for ${request.url()}`)
    })
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`)
    })
    page.on('pageerror', error => complaints.push(`throws ${error.message}`))
    page.on('dialog', dialog => {
      complaints.push(`opens a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', event => console.error(`policy: ${event.violatedDirective}`))
    })
    await page.goto(`${address}${link}`)
    return { page, complaints }
  }
  return { open: (html, link, look) => openFile(file('page.html', html), link, look), openFile, file }
}
