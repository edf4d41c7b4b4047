// The picture of a recorded history as a file: for `lockstep show`, and beside what `lockstep verify` finds.
import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import type { HistoryReport } from '../properties/history/check.ts'
import { historyPage } from '../traces/history-page.ts'
import { isHistory, type RecordedHistory } from '../traces/read-history.ts'
import { writeWhole } from '../traces/write.ts'
import { shellWord } from './failure.ts'
import { writeOrComplain } from './output.ts'

/** `h.html` beside `h.ndjson`. */
export function historyPicturePath(path: string): string {
  return `${path.replace(/\.(ndjson|jsonl|json)$/, '')}.html`
}

/** Writes the page. Throws `UsageError`, also when the pages were not built. */
export function writeHistoryPicture(
  path: string,
  output: string,
  history: RecordedHistory,
  report: HistoryReport,
): void {
  const about = { name: basename(path), command: `npx lockstep verify ${shellWord(path)}` }
  writeOrComplain(output, () => writeWhole(output, historyPage(history, report, about)))
}

/** True when a file is meant to be a history: by its name, or by how it begins. False when it cannot be read. */
export function isHistoryFile(path: string): boolean {
  return /\.ndjson$/.test(path) || isHistory(beginning(path))
}

function beginning(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(1024)
      return bytes.toString('utf8', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
