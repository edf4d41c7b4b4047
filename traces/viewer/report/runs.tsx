// Runs that stand out: those of which nothing is known, and those that took longest.
import type { CampaignReportFile } from '../../schema/campaign-report.ts'
import { grouped } from './numbers.ts'

export function UnknownRuns({ unknown }: Pick<CampaignReportFile, 'unknown'>) {
  if (unknown.length === 0) return null
  return (
    <section aria-labelledby="unknown">
      <h2 id="unknown">Unknown</h2>
      <ul>
        {unknown.map(({ scope, firstRun, runs, sentence }) => (
          <li key={`${scope} ${firstRun}`}>
            {scope}, {runs === 1 ? `run ${firstRun}` : `runs ${firstRun} to ${firstRun + runs - 1}`}: {sentence}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Slowest({ timings }: Pick<CampaignReportFile, 'timings'>) {
  if (timings.slowest.length === 0) return null
  return (
    <section aria-labelledby="slowest">
      <h2 id="slowest">Slowest runs</h2>
      <p class="soft">
        The first runs of a worker compile the code, so that they are often among these. A run depends on the seed and
        on the runs before it in its fifty.
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">scope</th>
              <th scope="col" class="number">
                run
              </th>
              <th scope="col" class="number">
                operations
              </th>
              <th scope="col" class="number">
                ms
              </th>
            </tr>
          </thead>
          <tbody>
            {timings.slowest.map(({ scope, run, operations, ms }) => (
              <tr key={`${scope} ${run}`}>
                <td>{scope}</td>
                <td class="number">{run}</td>
                <td class="number">{operations}</td>
                <td class="number">{grouped(Math.round(ms))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
