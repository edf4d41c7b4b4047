// `report.json`, what `lockstep check --report` says of a campaign: its JSON Schema and, made of it, its type. Everything but
// `timings` is the same for the same seed, whatever the machine and the number of workers.
import { scopeNames } from '../scope-names.ts'
import {
  boolean,
  constant,
  either,
  integer,
  type JsonSchema,
  list,
  oneOfValues,
  record,
  type Schema,
  type TypeOf,
} from './build.ts'

/** Readers refuse a version that they do not know. */
export const campaignReportVersion = 1

const count = integer(0, Number.MAX_SAFE_INTEGER)
const words: Schema<string> = { json: { type: 'string' } }
const seconds: Schema<number> = { json: { type: 'number', minimum: 0 } }
const scope = oneOfValues(...scopeNames)
const nothing: Schema<null> = { json: { type: 'null' } }
const many = Number.MAX_SAFE_INTEGER
const counts = list(count, many)

const operation = record({
  kind: words,
  all: count,
  /** Did not apply. */
  nothing: count,
  /** Answered with an error. */
  refused: count,
  /** Left everything as it was. */
  unchanged: count,
  errors: list(record({ error: words, count }), many),
})

const fault = record({
  fault: words,
  injected: count,
  felt: count,
  /** Behaviours that say what came of it, as often as they were reached in the runs in which behaviours are counted. */
  ledTo: list(record({ label: words, times: count }), many),
})

const label = record({
  label: words,
  need: oneOfValues('required', 'rare'),
  times: count,
  runs: count,
  firstRun: either(count, nothing),
  /** Runs that reached it, for each point. */
  over: counts,
})

const claim = record({
  claim: words,
  title: words,
  /** What must have been there for the claim to say something. */
  premise: words,
  /** Runs in which it was there. */
  runs: count,
  firstRun: either(count, nothing),
  over: counts,
  failingRuns: count,
})

const novelty = record({
  /** (Kind of operation, abstract state) pairs. */
  pairs: count,
  /** New ones, for each point. */
  over: counts,
  lastTenth: record({ runs: count, pairs: count }),
  sentence: words,
  newest: list(record({ pair: words, run: count }), many),
})

const scopePart = record({
  scope,
  runs: count,
  /** One more than the index of the last run: more than `runs` when some were lost, for their indices are theirs. */
  endRun: count,
  operations: count,
  declined: count,
  /** Fewer runs than this are not asked for every behaviour. */
  runsToAsk: count,
  isAsked: boolean,
  missing: list(words, many),
  /** Runs that one point of every curve stands for; the last point may stand for fewer. */
  runsInPoint: count,
  /** Runs that were done, for each point: fewer where some were lost, and nothing is to be read where all of them were. */
  runsOver: counts,
  /** Behaviours are counted in these runs only. */
  labelledRuns: record({ all: count, over: counts }),
  drawn: list(record({ setting: words, values: list(record({ value: words, runs: count }), many) }), many),
  operationKinds: list(operation, many),
  faults: list(fault, many),
  labels: list(label, many),
  claims: list(claim, many),
  novelty,
})

const failure = record({
  scope,
  claim: words,
  title: words,
  sentence: words,
  settings: list(words, many),
  seed: count,
  run: count,
  failingRuns: count,
  originalOperations: count,
  operations: count,
  /** The finding as the terminal shows it. */
  lines: list(words, many),
  /** Files beside the report. */
  trace: words,
  picture: either(words, nothing),
})

const timings = record({
  seconds,
  workers: count,
  runsPerSecond: seconds,
  operationsPerSecond: seconds,
  slowest: list(record({ scope, run: count, operations: count, ms: seconds }), many),
})

const report = {
  format: constant('kafka-lockstep-campaign-report'),
  version: constant(campaignReportVersion),
  verdict: oneOfValues('agree', 'violation', 'unknown', 'missing'),
  /** What is wrong, a sentence each; none when the campaign is green. */
  complaints: list(words, many),
  subject: words,
  wire: boolean,
  /** Does the same campaign again. */
  command: words,
  seed: count,
  isInterrupted: boolean,
  runs: count,
  operations: count,
  failingRuns: count,
  declined: count,
  failures: list(failure, many),
  unknown: list(record({ scope, firstRun: count, runs: count, sentence: words }), many),
  scopes: list(scopePart, many),
  timings,
}

const reportSchema = record(report)

export type CampaignReportFile = TypeOf<typeof reportSchema>
export type ScopePart = TypeOf<typeof scopePart>
export type ReportedFailure = TypeOf<typeof failure>

/** The JSON Schema, as it is published. */
export const campaignReportSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'kafka-lockstep campaign report',
  ...reportSchema.json,
}
