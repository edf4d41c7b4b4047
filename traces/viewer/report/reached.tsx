// What the runs reached: the premise of each claim, and each behaviour, with how often over the runs.
import type { ScopePart } from '../../schema/campaign-report.ts'
import { counted, grouped, share } from './numbers.ts'
import { Bars } from './plots.tsx'

export function Claims({ part }: { readonly part: ScopePart }) {
  const { runs, claims } = part
  const untried = claims.filter(claim => claim.runs === 0 && claim.failingRuns === 0).length
  return (
    <>
      <h3>Claims</h3>
      <p class="soft">
        A claim says something about a run only if what it is about was there.{' '}
        {untried > 0 && `${counted(untried, 'claim')} never had anything to say here.`} {rowsAreScaled}
      </p>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">claim</th>
              <th scope="col" class="number">
                runs
              </th>
              <th scope="col">held?</th>
              <th scope="col">share of runs, over runs</th>
            </tr>
          </thead>
          <tbody>
            {claims.map(claim => (
              <tr key={claim.claim} class={claim.failingRuns > 0 ? 'broken' : claim.runs === 0 ? 'never' : ''}>
                <th scope="row">
                  <span class="id">{claim.claim}</span> {claim.title}
                  <div class="soft">tried by {claim.premise}</div>
                </th>
                <td class="number" data-label="runs">
                  {grouped(claim.runs)} <span class="soft">{share(claim.runs, runs)}</span>
                </td>
                <td class="nowrap">{heldText(claim)}</td>
                <td>
                  <Bars counts={claim.over} of={part.runsOver} label={overText(claim, runs)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function heldText({ runs, failingRuns }: ScopePart['claims'][number]) {
  if (failingRuns > 0) return <strong class="bad">✗ broken in {grouped(failingRuns)}</strong>
  return runs > 0 ? <span class="good">✓ held</span> : <span class="warn">– not tried</span>
}

export function Behaviours({ part }: { readonly part: ScopePart }) {
  const { labels, labelledRuns, runs, isAsked, runsToAsk } = part
  // The rarest first: what hardly ever happens is what one looks for.
  const rows = labels.toSorted((a, b) => a.runs - b.runs)
  const sample = labelledRuns.all < runs ? ` They are counted in ${grouped(labelledRuns.all)} of the runs.` : ''
  return (
    <>
      <h3>Behaviours</h3>
      <p class="soft">
        The rarest first.{sample} {rowsAreScaled}{' '}
        {isAsked
          ? 'The required ones must all be reached.'
          : runs < runsToAsk
            ? `None is asked for: that takes ${grouped(runsToAsk)} runs.`
            : 'None is asked for, since the subject does not do everything.'}
      </p>
      <div class="scroll">
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">behaviour</th>
              <th scope="col" class="number">
                times
              </th>
              <th scope="col" class="number">
                runs
              </th>
              <th scope="col" class="number">
                first run
              </th>
              <th scope="col">share of runs, over runs</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(label => {
              const isMissing = part.missing.includes(label.label)
              return (
                <tr key={label.label} class={isMissing ? 'broken' : label.runs === 0 ? 'never' : ''}>
                  <th scope="row">
                    {isMissing && <strong class="bad">✗ missing: </strong>}
                    {label.label} {label.need === 'rare' && <span class="soft">(rare)</span>}
                  </th>
                  <td class="number" data-label="times">
                    {grouped(label.times)}
                  </td>
                  <td class="number" data-label="runs">
                    {grouped(label.runs)} <span class="soft">{share(label.runs, labelledRuns.all)}</span>
                  </td>
                  <td class="number" data-label="first run">
                    {label.firstRun ?? '–'}
                  </td>
                  <td>
                    <Bars counts={label.over} of={labelledRuns.over} label={overText(label, labelledRuns.all)} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** A behaviour of one run in a hundred would be a flat line beside one of every run, and whether it dries up would not show. */
const rowsAreScaled = 'Each row of bars has a height of its own: it shows when, the numbers say how often.'

function overText(
  { runs, firstRun }: { readonly runs: number; readonly firstRun: number | null },
  all: number,
): string {
  return firstRun === null ? 'never' : `in ${share(runs, all)} of the runs, first in run ${firstRun}`
}
