// Histories for checks of their page.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { checkHistory } from '../../properties/history/check.ts'
import { goodOperations, historyOf, poll, send } from '../../properties/history/examples.ts'
import type { HistoryOperation } from '../../properties/history/history.ts'
import { historyPage } from '../../traces/history-page.ts'
import { readHistory } from '../../traces/read-history.ts'
import { hostileTexts } from '../../traces/viewer/film/testing/films.ts'

/** The page of these operations, as `lockstep show` writes it. */
export function pageOf(operations: readonly HistoryOperation[], name = 'h.ndjson', note: string | null = null): string {
  const history = { ...historyOf(operations), note }
  return historyPage(history, checkHistory(history), { name, command: `npx lockstep verify ${name}` })
}

/** The same of a file of the project. */
export function pageOfFile(path: string): string {
  const history = readHistory(join(import.meta.dirname, '../..', path))
  return historyPage(history, checkHistory(history), { name: path, command: `npx lockstep verify ${path}` })
}

/** A write that was lost in t/0, a value that stands twice in t/1, and what follows from that. */
export const badOperations: readonly HistoryOperation[] = [
  send('p3', { start: 17 }, 0, ['lost', 3]),
  ...goodOperations,
  poll('c3', { start: 96 }, 1, ['b1', 2]),
]

/** Whatever can be text in a history is hostile. */
export function hostileOperations(): readonly HistoryOperation[] {
  const texts = hostileTexts.map(text => text.slice(0, 240))
  return texts.flatMap((text, index): readonly HistoryOperation[] => {
    const timed = { client: text, start: 10 * index, end: 10 * index + 5, completed: 'ok' } as const
    const place = { topic: text, partition: 0 }
    const group = { group: text, generation: 1 }
    return [
      { kind: 'subscribe', ...timed, group: text, topics: [text] },
      { kind: 'rebalance', ...timed, ...group, partitions: [place] },
      { kind: 'send', ...timed, ...place, records: [{ value: text, offset: 0 }] },
      {
        kind: 'send',
        ...timed,
        ...place,
        completed: 'fail',
        error: text,
        records: [{ value: `!${text}`, offset: null }],
      },
      { kind: 'poll', ...timed, records: [{ ...place, offset: 0, value: `other ${text}` }] },
      { kind: 'commit', ...timed, ...group, offsets: [{ ...place, offset: 1 }] },
    ]
  })
}

/** 100,000 operations of 50 producers and 5 consumers on 30 partitions, of which some were lost. */
export function manyOperations(): readonly HistoryOperation[] {
  return Array.from({ length: 50_000 }, (_, n): readonly HistoryOperation[] => {
    const [partition, offset] = [n % 30, Math.floor(n / 30)]
    const sent = send(`producer-${n % 50}`, { start: n, end: n + 15 }, partition, [`v${n}`, offset])
    const isLost = n % 97 === 0
    return isLost ? [sent] : [sent, poll(`consumer-${n % 5}`, { start: n + 20 }, partition, [`v${n}`, offset])]
  }).flat()
}

/** The line of the operation that is selected, as the list of operations says it. */
export async function selectedLine(page: Page): Promise<number> {
  return Number.parseInt(await page.locator('.operations [aria-current=step] .number').innerText(), 10)
}
