// Writes recorded histories: what a recorder says line by line, or a whole one as text.
import type { HistoryOperation, HistorySettings } from '../properties/history/history.ts'
import { historyFormat, historyVersion } from './history-format.ts'
import type { RecordedHistory } from './read-history.ts'

/** The first line, without its line break. */
export function headerLine(settings: HistorySettings, note: string | null): string {
  return JSON.stringify({
    format: historyFormat,
    version: historyVersion,
    settings,
    ...(note === null ? {} : { note }),
  })
}

/** The whole file. */
export function historyText({ settings, note, operations }: RecordedHistory): string {
  return `${[headerLine(settings, note), ...operations.map(operationLine)].join('\n')}\n`
}

function operationLine(operation: HistoryOperation): string {
  return JSON.stringify(operation)
}
