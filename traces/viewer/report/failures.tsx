// What was broken: the sentence, the settings, the shrunk sequence, and where to look at it.
import type { ReportedFailure } from '../../schema/campaign-report.ts'
import { counted } from './numbers.ts'

export function Failures({ failures }: { readonly failures: readonly ReportedFailure[] }) {
  if (failures.length === 0) return null
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">Failures</h2>
      {failures.map((failure, index) => (
        <Failure key={failure.trace} failure={failure} isOpen={index === 0} />
      ))}
    </section>
  )
}

function Failure({ failure, isOpen }: { readonly failure: ReportedFailure; readonly isOpen: boolean }) {
  const { scope, claim, title, sentence, settings, seed, run, failingRuns, originalOperations, operations } = failure
  return (
    <article class="failure">
      <h3>
        <span class="chip bad">{claim}</span> {title} <span class="soft">in {scope}</span>
      </h3>
      <p>{sentence}</p>
      {settings.length > 0 && <p class="soft">under {settings.join(', ')}</p>}
      <p class="soft">
        Broken in {counted(failingRuns, 'run')}; seed {seed}, run {run}, shrunk from{' '}
        {counted(originalOperations, 'operation')} to {operations}.
      </p>
      <p>
        {failure.picture !== null && (
          <>
            <a href={failure.picture}>Look at the picture</a> ·{' '}
          </>
        )}
        <a href={failure.trace}>The trace</a>
        {failure.picture === null && (
          <span class="soft">
            {' '}
            · not drawn; <code>npx lockstep show</code> draws a trace
          </span>
        )}
      </p>
      <details open={isOpen}>
        <summary>The sequence</summary>
        {/* It scrolls sideways, so it must be reachable by keys. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region */}
        <pre tabIndex={0}>{failure.lines.join('\n')}</pre>
      </details>
    </article>
  )
}
