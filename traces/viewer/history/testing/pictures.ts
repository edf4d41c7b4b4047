// Pictures of histories for tests: a small one with two anomalies, a hostile one, an empty one.
import type { HistoryPicture, ShownAnomaly, ShownOperation } from '../../../history-picture.ts'

function operation(line: number, end: number, more: Partial<ShownOperation>): ShownOperation {
  return {
    kind: 'send',
    line,
    client: 0,
    start: end - 1,
    end,
    completed: 'ok',
    text: `operation of line ${line}`,
    ...more,
  }
}

const lost: ShownAnomaly = {
  kind: 'lost-write',
  title: 'acknowledged, read past, and never read',
  claim: 'L1 acknowledged means kept',
  sentence: '"b" was acknowledged in t/0 at offset 1, and nobody ever read it',
  judgement: 'forbidden',
  since: null,
  partition: 't/0',
  offsets: [1],
  operations: [1, 4],
  left: 0,
}

const overlap: ShownAnomaly = {
  ...lost,
  kind: 'rebalance-overlap',
  title: 'two owners in one generation',
  sentence: 'c1 and c2 both have t/0',
  judgement: 'allowed',
  since: 'nobody minds',
  partition: null,
  offsets: [],
  operations: [3],
}

/** Sends that were acknowledged, refused and forgotten, a rebalance, a poll. Lines are not in the order of ends. */
export function smallPicture(changes: Partial<HistoryPicture> = {}): HistoryPicture {
  return {
    format: 'kafka-lockstep-history-picture',
    name: 'h.ndjson',
    command: 'npx lockstep verify h.ndjson',
    note: null,
    verdict: 'violation',
    headline: 'L1 acknowledged means kept',
    sentence: 'lost-write: "b" was acknowledged',
    under: ['acks=all'],
    seen: { operations: 6, clients: 2, partitions: 2, acknowledged: 2, read: 1 },
    counts: [
      { kind: 'lost-write', forbidden: 1, undecided: 0, allowed: 0 },
      { kind: 'rebalance-overlap', forbidden: 0, undecided: 0, allowed: 1 },
    ],
    leftOut: [],
    clients: ['p', 'c'],
    operations: [
      operation(3, 10, {}),
      operation(2, 20, { start: 0 }),
      operation(4, 30, { completed: 'fail' }),
      operation(5, 40, { kind: 'rebalance', client: 1 }),
      operation(6, 50, { kind: 'poll', client: 1 }),
      operation(7, 60, { completed: 'info' }),
    ],
    partitions: [
      {
        name: 't/0',
        marks: [
          { operation: 0, kind: 'send', first: 0, last: 0 },
          { operation: 1, kind: 'send', first: 1, last: 3 },
          { operation: 4, kind: 'poll', first: 0, last: 0 },
          { operation: 4, kind: 'poll', first: 4, last: 5 },
        ],
        homeless: [2, 5],
      },
      { name: 't/1', marks: [], homeless: [] },
    ],
    anomalies: [lost, overlap],
    ...changes,
  }
}

export function emptyPicture(): HistoryPicture {
  return smallPicture({
    verdict: 'unknown',
    headline: 'nothing was read',
    sentence: '',
    seen: { operations: 0, clients: 0, partitions: 0, acknowledged: 0, read: 0 },
    counts: [],
    clients: [],
    operations: [],
    partitions: [],
    anomalies: [],
  })
}
