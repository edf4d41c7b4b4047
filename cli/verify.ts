// `lockstep verify HISTORY.ndjson`: holds a recorded history against the claims. Anomalies that its settings allow are
// counted and named; one that they do not allow is a violation.
import { checkHistory } from '../properties/history/check.ts'
import { readHistory } from '../traces/read-history.ts'
import { anomalyTable, historyHeadline } from '../traces/render/history.ts'
import { exitCodes } from './exit.ts'
import { printJson, say, styled } from './screen.ts'

/** Verifies a history; gives the exit code. */
export function verify(path: string, { json }: { readonly json: boolean }): number {
  const history = readHistory(path)
  const report = checkHistory(history)
  const [first = '', ...more] = historyHeadline(history, report)
  const colour = report.kind === 'agree' ? 'green' : report.kind === 'violation' ? 'red' : 'yellow'
  say(styled(['bold', colour], first), ...more, '', ...anomalyTable(report))
  const { kind, ...details } = report
  if (json) printJson({ history: path, verdict: kind, settings: history.settings, ...details })
  return exitCodes[kind]
}
