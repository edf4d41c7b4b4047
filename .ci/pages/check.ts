// A check of a page in a real browser: a file NAME.check.ts exports an array of them as `checks`, and run.ts runs it.
import type { Browser } from './browser.ts'

export type Check = {
  /** A sentence. */
  readonly name: string
  /** Throws what is wrong; gives a line to report, if there is something to say. */
  readonly run: (browser: Browser) => Promise<string | undefined>
}

export function check(name: string, run: (browser: Browser) => Promise<string | undefined>): Check {
  return { name, run }
}
