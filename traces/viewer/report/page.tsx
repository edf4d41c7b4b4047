// The page of a campaign report: what is wrong first, then what ran, then each scope.
import { render } from 'preact'
import type { CampaignReportFile } from '../../schema/campaign-report.ts'
import { dataText } from '../shared/data.ts'
import { Failures } from './failures.tsx'
import { Overview } from './overview.tsx'
import { Slowest, UnknownRuns } from './runs.tsx'
import { ScopeSection } from './scope-section.tsx'
import { Verdict } from './verdict.tsx'

const root = document.getElementById('page')
// What the command has written, by its own schema.
if (root !== null) render(<Page report={JSON.parse(dataText()) as CampaignReportFile} />, root)

function Page({ report }: { readonly report: CampaignReportFile }) {
  return (
    <main>
      <Verdict report={report} />
      <Failures failures={report.failures} />
      <UnknownRuns unknown={report.unknown} />
      <Overview report={report} />
      {report.scopes.map(part => (
        <ScopeSection key={part.scope} part={part} />
      ))}
      <Slowest timings={report.timings} />
    </main>
  )
}
