// `lockstep verify HISTORY.ndjson`: holds a recorded history against the claims. Anomalies that its settings allow are
// counted and named; one that they do not allow is a violation. A history with anomalies gets its picture beside it.
import { checkHistory, type HistoryReport } from '../properties/history/check.ts'
import { type RecordedHistory, readHistory } from '../traces/read-history.ts'
import { anomalyTable, historyHeadline } from '../traces/render/history.ts'
import { exitCodes, reasonOf } from './exit.ts'
import { checkOutput } from './output.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'

export type VerifyOptions = { readonly output?: string; readonly json: boolean }

/** Verifies a history; gives the exit code. */
export async function verify(path: string, { output, json }: VerifyOptions): Promise<number> {
  if (output !== undefined) checkOutput(path, output)
  const history = readHistory(path)
  const report = checkHistory(history)
  const [first = '', ...more] = historyHeadline(history, report)
  say(styled(verdictStyle(report.kind), first), ...more, '', ...anomalyTable(report))
  const picture = await drawn(path, output, history, report)
  if (picture !== null) say('', picture.line)
  const { kind, ...details } = report
  const written = picture?.path ?? null
  if (json) printJson({ history: path, verdict: kind, settings: history.settings, ...details, picture: written })
  // Who asked for a picture must not believe that there is one.
  return kind === 'agree' && output !== undefined && written === null ? exitCodes.badInput : exitCodes[kind]
}

type Drawn = { readonly line: string; readonly path: string | null }

/** Nothing for a history without anomalies, unless asked. That there is no picture must not hide a finding: it is told. */
async function drawn(
  path: string,
  output: string | undefined,
  history: RecordedHistory,
  report: HistoryReport,
): Promise<Drawn | null> {
  if (output === undefined && report.counts.length === 0) return null
  const { historyPicturePath, writeHistoryPicture } = await import('./history-picture.ts')
  const file = output ?? historyPicturePath(path)
  try {
    writeHistoryPicture(path, file, history, report)
    return { line: `picture  ${file}`, path: file }
  } catch (error) {
    return { line: `picture  not written: ${reasonOf(error)}`, path: null }
  }
}
