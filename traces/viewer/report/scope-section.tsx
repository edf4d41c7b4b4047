// Everything about one scope.
import type { ScopePart } from '../../schema/campaign-report.ts'
import { Faults, Operations } from './done.tsx'
import { Drawn } from './drawn.tsx'
import { counted, grouped } from './numbers.ts'
import { NoveltyPlot } from './plots.tsx'
import { Behaviours, Claims } from './reached.tsx'

const newestShown = 5

export function ScopeSection({ part }: { readonly part: ScopePart }) {
  const { scope, runs, operations, declined, missing, novelty } = part
  return (
    <section id={scope} aria-labelledby={`${scope}-title`} class="scope">
      <h2 id={`${scope}-title`}>
        Scope {scope}{' '}
        <span class="soft">
          {counted(runs, 'run')}, {counted(operations, 'operation')}
          {declined > 0 ? `, ${grouped(declined)} runs declined by the subject` : ''}
        </span>{' '}
        <a class="up" href="#overview">
          to all scopes
        </a>
      </h2>
      {missing.length > 0 && (
        <div class="verdict bad">
          <span class="sign" aria-hidden="true">
            ✗
          </span>
          <div>
            <strong>These behaviours must be reached, and never were:</strong>
            <ul>
              {missing.map(label => (
                <li key={label}>{label}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <h3>Is it saturated?</h3>
      <p>{novelty.sentence}</p>
      <NoveltyPlot part={part} />
      {novelty.newest.length > 0 && (
        <details>
          <summary>What was new last</summary>
          <ul>
            {novelty.newest.slice(0, newestShown).map(({ pair, run }) => (
              <li key={pair}>
                run {run}: <code>{pair}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Claims part={part} />
      <Behaviours part={part} />
      <Faults part={part} />
      <Operations part={part} />
      <Drawn part={part} />
    </section>
  )
}
