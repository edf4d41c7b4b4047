// A small report in which every text from outside means harm.
import {
  type CampaignReportFile,
  campaignReportVersion,
  type ScopePart,
} from '../../../traces/schema/campaign-report.ts'

/** What somebody may have put into a record, a name or an error. */
export const hostileText = `</script><script>document.title='broken'</script></failure>]]>&"'\u0000\u001b[31m\n# h | \`\`\`\` <img src=x onerror=alert(1)>`

/** The report of a campaign of ten runs over one scope, which found one failure. */
export function hostileReport(part: Partial<Pick<ScopePart, 'missing' | 'isAsked'>>): CampaignReportFile {
  const scope: ScopePart = {
    scope: 'log',
    runs: 10,
    endRun: 10,
    operations: 20,
    declined: 0,
    runsToAsk: 2000,
    isAsked: true,
    missing: [],
    runsInPoint: 1,
    runsOver: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    labelledRuns: { all: 10, over: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
    drawn: [{ setting: hostileText, values: [{ value: hostileText, runs: 10 }] }],
    operationKinds: [
      { kind: hostileText, all: 20, nothing: 1, refused: 1, unchanged: 1, errors: [{ error: hostileText, count: 1 }] },
    ],
    faults: [{ fault: hostileText, injected: 1, felt: 1, ledTo: [{ label: hostileText, times: 1 }] }],
    labels: [
      { label: hostileText, need: 'rare', times: 1, runs: 1, firstRun: 0, over: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    ],
    claims: [
      {
        claim: 'L1',
        title: 'broken',
        premise: hostileText,
        runs: 1,
        firstRun: 0,
        over: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        failingRuns: 1,
      },
      {
        claim: 'L2',
        title: 'never tried',
        premise: 'something rare',
        runs: 0,
        firstRun: null,
        over: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        failingRuns: 0,
      },
    ],
    novelty: {
      pairs: 5,
      over: [5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      lastTenth: { runs: 1, pairs: 0 },
      sentence: hostileText,
      newest: [{ pair: hostileText, run: 0 }],
    },
    ...part,
  }
  return {
    format: 'kafka-lockstep-campaign-report',
    version: campaignReportVersion,
    verdict: 'violation',
    complaints: [hostileText],
    subject: hostileText,
    wire: false,
    command: hostileText,
    seed: 1,
    isInterrupted: false,
    runs: 10,
    operations: 20,
    failingRuns: 1,
    declined: 0,
    failures: [
      {
        scope: 'log',
        claim: 'L1',
        title: 'broken',
        sentence: hostileText,
        settings: [hostileText],
        seed: 1,
        run: 0,
        failingRuns: 1,
        originalOperations: 3,
        operations: 1,
        lines: [hostileText],
        trace: 'traces/log-L1-1-0.json',
        picture: 'traces/log-L1-1-0.html',
      },
    ],
    unknown: [],
    scopes: [scope],
    timings: { seconds: 1, workers: 1, runsPerSecond: 10, operationsPerSecond: 20, slowest: [] },
  }
}
