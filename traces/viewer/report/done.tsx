// What was done to the sides: faults and whether they were felt, operations and whether they did anything.
import type { ScopePart } from '../../schema/campaign-report.ts'
import { grouped, share } from './numbers.ts'

const errorsShown = 3

export function Faults({ part }: { readonly part: ScopePart }) {
  if (part.faults.length === 0) return null
  return (
    <>
      <h3>Faults</h3>
      <p class="soft">
        A fault is felt when it changed something, or when a message waited for it. What came of it is counted with the
        behaviours, which other faults lead to as well.
      </p>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">fault</th>
              <th scope="col" class="number">
                injected
              </th>
              <th scope="col" class="number">
                felt
              </th>
              <th scope="col">what came of it</th>
            </tr>
          </thead>
          <tbody>
            {part.faults.map(({ fault, injected, felt, ledTo }) => (
              <tr key={fault} class={felt === 0 ? 'never' : ''}>
                <th scope="row">{fault}</th>
                <td class="number" data-label="injected">
                  {grouped(injected)}
                </td>
                <td class="number" data-label="felt">
                  {grouped(felt)} <span class="soft">{share(felt, injected)}</span>
                </td>
                <td class="wide">{ledTo.map(({ label, times }) => `${label} ${grouped(times)}×`).join(', ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

export function Operations({ part }: { readonly part: ScopePart }) {
  return (
    <details open>
      <summary>
        <h3>Operations</h3>
      </summary>
      <p class="soft">
        An impossible operation now and then is wanted: it must be refused alike. Reading leaves everything as it was.
      </p>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">kind</th>
              <th scope="col" class="number">
                all
              </th>
              <th scope="col" class="number">
                did not apply
              </th>
              <th scope="col" class="number">
                refused
              </th>
              <th scope="col" class="number">
                changed nothing
              </th>
              <th scope="col">most frequent errors</th>
            </tr>
          </thead>
          <tbody>
            {part.operationKinds.map(({ kind, all, nothing, refused, unchanged, errors }) => (
              <tr key={kind}>
                <th scope="row">{kind}</th>
                <td class="number" data-label="all">
                  {grouped(all)}
                </td>
                <Part label="did not apply" count={nothing} all={all} />
                <Part label="refused" count={refused} all={all} />
                <Part label="changed nothing" count={unchanged} all={all} />
                <td class="wide errors">
                  {errors
                    .slice(0, errorsShown)
                    .map(({ error, count }) => `${error} ${grouped(count)}×`)
                    .join(', ')}
                  {errors.length > errorsShown ? ` and ${errors.length - errorsShown} more` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function Part({ label, count, all }: { readonly label: string; readonly count: number; readonly all: number }) {
  return (
    <td class="number" data-label={label}>
      {count === 0 ? (
        '–'
      ) : (
        <>
          {grouped(count)} <span class="soft">{share(count, all)}</span>
        </>
      )}
    </td>
  )
}
