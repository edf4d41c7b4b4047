// The conformance report of a broker on the wire: claims, APIs with their versions, and kinds of operations.

import type { ServiceOperation } from '../../model/vocabulary/service.ts'
import type { Probe } from '../../properties/subjects/broker/probe.ts'
import { apisOf, spokenApis } from '../../properties/subjects/broker/spoken.ts'
import type { LiveFound } from '../../properties/validation/campaign.ts'
import { testableClaims, untestableClaims } from '../../properties/validation/claims.ts'
import type { LiveTally } from '../../properties/validation/tally.ts'
import { claimTitle } from '../../traces/render/claim-titles.ts'
import { counted } from '../../traces/render/failure.ts'
import type { Conformance, ConformanceFinding, ConformanceRow, ConformanceTable } from './report.ts'

type Told = ConformanceFinding & { readonly signature: string }

export type BrokerReportParts = {
  readonly broker: { readonly name: string; readonly bootstrap: string }
  readonly probed: Probe
  /** What was odd about answers that could be understood all the same. */
  readonly oddities: readonly string[]
  /** Versions that were not tried any more, because they were not answered. */
  readonly givenUp: readonly string[]
  readonly seed: number
  readonly seconds: number
  readonly lanes: number
  readonly tally: LiveTally
  /** Those that are told, in the order of `found`. */
  readonly findings: readonly Told[]
  readonly found: readonly LiveFound[]
  readonly isInterrupted: boolean
}

/** The report of a broker that was validated. */
export function brokerReport(parts: BrokerReportParts): Conformance {
  const { broker, seed, seconds, tally, findings, found } = parts
  const unknown = [...tally.gone.values()].map(({ sentence, runs }) => ({ sentence, runs }))
  const isNew = findings.some(finding => finding.known === undefined) || found.length > findings.length
  const isEmpty = tally.operations === 0 && unknown.length === 0
  const nothing = { sentence: 'nothing was asked: there was no time for a single run. Give more --time.', runs: 0 }
  return {
    subject: broker.name,
    verdict: isNew ? 'violation' : unknown.length > 0 || isEmpty ? 'unknown' : 'agree',
    seed,
    seconds,
    runs: tally.runs,
    operations: tally.operations,
    covered: coveredBy(parts),
    tables: [claimTable(parts), apiTable(parts), operationTable(parts)],
    findings,
    unknown: isEmpty ? [nothing] : unknown,
  }
}

/** The report of a broker that could not even be asked what it is. */
export function goneReport(subject: string, seed: number, seconds: number, sentence: string): Conformance {
  const tables = [
    {
      title: 'claims',
      rows: testableClaims.map(claim => neverTried(claim, claimTitle(claim).slice(claim.length + 1))),
    },
    { title: 'APIs', rows: spokenApis().map(api => neverTried(api, '')) },
  ]
  return {
    subject,
    verdict: 'unknown',
    seed,
    seconds,
    runs: 0,
    operations: 0,
    covered: {},
    tables,
    findings: [],
    unknown: [{ sentence, runs: 0 }],
  }
}

function neverTried(name: string, about: string): ConformanceRow {
  return { name, about, tried: 0, agreed: 0, diverged: 0, notTried: 'the broker could not be asked', traces: [] }
}

function coveredBy({
  broker,
  probed,
  oddities,
  givenUp,
  lanes,
  tally,
  findings,
  found,
  isInterrupted,
}: BrokerReportParts): Conformance['covered'] {
  const explained = findings.filter(({ known }) => known !== undefined).length
  return {
    broker: `${broker.bootstrap}${probed.clusterId === null ? '' : `, cluster ${probed.clusterId}`}`,
    brokers: probed.brokers.map(({ id, address }) => `${id} at ${address}`).join(', '),
    'runs at a time': String(lanes),
    'asked again': `${tally.askedAgain} times, after an answer that says so`,
    ...(found.length === 0 ? {} : { findings: `${counted(found.length, 'kind')}, ${explained} of them known` }),
    ...(tally.leftovers.length === 0
      ? {}
      : { 'left behind': `${tally.leftovers.length}: ${tally.leftovers.slice(0, 3).join('; ')}` }),
    ...(givenUp.length === 0 ? {} : { 'given up': `${givenUp.join(', ')}: offered, and not answered` }),
    ...(oddities.length === 0 ? {} : { odd: oddities.join('; ') }),
    ...(isInterrupted ? { interrupted: 'this is what was found until then' } : {}),
  }
}

function claimTable({ tally, findings }: BrokerReportParts): ConformanceTable {
  const tried = testableClaims.map(claim => {
    const { tried: count, diverged } = tally.claims.get(claim) ?? { tried: 0, diverged: 0 }
    const traces = findings.filter(finding => finding.claim === claim).map(({ trace }) => trace)
    const why = count > 0 ? null : claim === 'P1' ? 'no answer had to be asked again' : 'not offered, or never drawn'
    return row(claim, about(claim), count, diverged, why, traces)
  })
  const others = Object.entries(untestableClaims).map(([claim, why]) => row(claim, about(claim), 0, 0, why, []))
  return { title: 'claims', rows: [...tried, ...others] }
}

function about(claim: string): string {
  return claimTitle(claim).slice(claim.length + 1)
}

function apiTable({ probed, tally, findings, found }: BrokerReportParts): ConformanceTable {
  const rows = spokenApis().map(api => {
    const range = probed.spoken[api]
    const { tried, versions } = tally.apis.get(api) ?? { tried: 0, versions: new Set<number>() }
    // An operation's last API is the one that it is about.
    const isAbout = (kind: ServiceOperation['kind'] | undefined): boolean =>
      kind !== undefined && apisOf(kind).at(-1) === api
    const kinds = [...tally.kinds].filter(([kind]) => isAbout(kind))
    const diverged = kinds.reduce((sum, [, count]) => sum + count.diverged, 0)
    const traces = found.flatMap(({ run, finding }, index) => {
      const trace = findings[index]?.trace
      return trace !== undefined && isAbout(run.operations[finding.verdict.step]?.kind) ? [trace] : []
    })
    const offered =
      range === undefined
        ? ''
        : `versions ${range.from} to ${range.to}${versions.size === 0 ? '' : `, ${versions.size} of them tried`}`
    const why =
      probed.missing[api] ?? (tried > 0 ? null : api === 'ApiVersions' ? 'asked at the beginning' : 'never drawn')
    return row(api, offered, tried, diverged, why, traces)
  })
  return { title: 'APIs', rows }
}

function operationTable({ probed, tally, findings, found }: BrokerReportParts): ConformanceTable {
  const rows = operationKinds.map(kind => {
    const { tried, diverged } = tally.kinds.get(kind) ?? { tried: 0, diverged: 0 }
    const missing = apisOf(kind).find(api => probed.missing[api] !== undefined)
    const why = missing !== undefined ? `${missing}: ${probed.missing[missing]}` : tried > 0 ? null : 'never drawn'
    const traces = found.flatMap(({ run, finding }, index) => {
      const trace = findings[index]?.trace
      return trace !== undefined && run.operations[finding.verdict.step]?.kind === kind ? [trace] : []
    })
    return row(kind, apisOf(kind).join(', '), tried, diverged, why, traces)
  })
  return { title: 'operations', rows, brief: true }
}

const operationKinds: readonly ServiceOperation['kind'][] = [
  'createTopic',
  'deleteTopic',
  'createPartitions',
  'describeTopic',
  'describeConfig',
  'alterConfig',
  'initProducer',
  'produce',
  'fetch',
  'readAll',
  'listOffsets',
  'deleteRecords',
  'endOffsetForEpoch',
  'join',
  'sync',
  'heartbeat',
  'leave',
  'commit',
  'committed',
  'deleteOffset',
  'describeGroup',
  'listGroups',
  'deleteGroup',
  'lapse',
]

function row(
  name: string,
  aboutIt: string,
  tried: number,
  diverged: number,
  notTried: string | null,
  traces: readonly string[],
): ConformanceRow {
  return { name, about: aboutIt, tried, agreed: tried - diverged, diverged, notTried, traces }
}
