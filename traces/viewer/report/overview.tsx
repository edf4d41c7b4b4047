// One row a scope, and the way to each.
import type { CampaignReportFile, ScopePart } from '../../schema/campaign-report.ts'
import { grouped } from './numbers.ts'
import { Bars } from './plots.tsx'

const columns = ['runs', 'operations', 'behaviours', 'claims tried', 'faults felt', 'states'] as const

export function Overview({ report }: { readonly report: CampaignReportFile }) {
  return (
    <section aria-labelledby="overview">
      <h2 id="overview">What ran</h2>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">scope</th>
              {columns.map(column => (
                <th key={column} scope="col" class="number">
                  {column}
                </th>
              ))}
              <th scope="col">new states over runs</th>
            </tr>
          </thead>
          <tbody>
            {report.scopes.map(part => (
              <Row key={part.scope} part={part} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({ part }: { readonly part: ScopePart }) {
  const { scope, runs, operations, labels, claims, faults, novelty, missing } = part
  const injected = faults.reduce((sum, fault) => sum + fault.injected, 0)
  const felt = faults.reduce((sum, fault) => sum + fault.felt, 0)
  const reached = `${labels.filter(label => label.runs > 0).length} of ${labels.length}`
  return (
    <tr>
      <th scope="row">
        <a href={`#${scope}`}>{scope}</a>
      </th>
      <td class="number" data-label="runs">
        {grouped(runs)}
      </td>
      <td class="number" data-label="operations">
        {grouped(operations)}
      </td>
      <td class="number" data-label="behaviours">
        {missing.length > 0 ? <strong class="bad">✗ {reached}</strong> : reached}
      </td>
      <td class="number" data-label="claims tried">
        {claims.filter(claim => claim.runs > 0).length} of {claims.length}
      </td>
      <td class="number" data-label="faults felt">
        {injected === 0 ? '–' : `${grouped(felt)} of ${grouped(injected)}`}
      </td>
      <td class="number" data-label="states">
        {grouped(novelty.pairs)}
      </td>
      <td>
        <Bars counts={novelty.over} of={part.runsOver} label={novelty.sentence} />
      </td>
    </tr>
  )
}
