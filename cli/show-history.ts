// `lockstep show HISTORY.ndjson`: writes the picture of a recorded history as one HTML file.
import { checkHistory } from '../properties/history/check.ts'
import { readHistory } from '../traces/read-history.ts'
import { historyHeadline } from '../traces/render/history.ts'
import { exitCodes, UsageError } from './exit.ts'
import { historyPicturePath, writeHistoryPicture } from './history-picture.ts'
import { checkOutput } from './output.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'
import type { ShowOptions } from './show.ts'

/** Draws a history; 0 when the picture was written, whatever it shows. */
export function showHistory(path: string, options: ShowOptions): number {
  const output = options.output ?? historyPicturePath(path)
  checkOutput(path, output)
  if (options.subject !== 'impl' || options.wire) {
    throw new UsageError(`${path} is a recorded history, which has no subject. Leave --subject and --wire out.`)
  }
  const history = readHistory(path)
  const report = checkHistory(history)
  writeHistoryPicture(path, output, history, report)
  const [headline = ''] = historyHeadline(history, report)
  say(styled(verdictStyle(report.kind), headline), `picture  ${output}`)
  if (options.json) printJson({ history: path, picture: output, verdict: report.kind })
  return exitCodes.agree
}
