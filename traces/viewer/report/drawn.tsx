// The settings that runs drew, and how many runs drew each value. One that had one value only is said in a line.
import { scaleLinear } from 'd3-scale'
import type { ScopePart } from '../../schema/campaign-report.ts'
import { grouped, share } from './numbers.ts'

const valuesShown = 10
const wide = 100

export function Drawn({ part }: { readonly part: ScopePart }) {
  const varied = part.drawn.filter(({ values }) => values.length > 1)
  const fixed = part.drawn.filter(({ values }) => values.length === 1)
  if (part.drawn.length === 0) return null
  return (
    <details open>
      <summary>
        <h3>Settings drawn</h3>
      </summary>
      <p class="soft">The share of runs with each value. A run may have several topics, producers and consumers.</p>
      <div class="settings">
        {varied.map(({ setting, values }) => (
          <Setting key={setting} setting={setting} values={values} runs={part.runs} />
        ))}
      </div>
      {fixed.length > 0 && (
        <p class="soft">
          Always the same: {fixed.map(({ setting, values }) => `${setting}=${values[0]?.value}`).join(', ')}.
        </p>
      )}
    </details>
  )
}

function Setting({ setting, values, runs }: ScopePart['drawn'][number] & { readonly runs: number }) {
  const x = scaleLinear([0, Math.max(1, runs)], [0, wide])
  const left = values.length - valuesShown
  return (
    <table>
      <caption>{setting}</caption>
      <tbody>
        {values.slice(0, valuesShown).map(({ value, runs: drawn }) => (
          <tr key={value}>
            <th scope="row">{value}</th>
            <td>
              <svg class="drawn" viewBox={`0 0 ${wide} 8`} preserveAspectRatio="none" aria-hidden="true">
                <rect width={x(drawn)} height="8" />
              </svg>
            </td>
            <td class="number" title={`${grouped(drawn)} runs`}>
              {share(drawn, runs)}
            </td>
          </tr>
        ))}
        {left > 0 && (
          <tr>
            <td colSpan={3} class="soft">
              and {left} more values
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
