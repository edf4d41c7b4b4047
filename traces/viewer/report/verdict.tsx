// How the campaign ended, in one look: a word, a sign and a colour, and what is wrong, a sentence each.
import { useState } from 'preact/hooks'
import type { CampaignReportFile } from '../../schema/campaign-report.ts'
import { counted, grouped } from './numbers.ts'

const says = {
  agree: { sign: '✓', words: 'The sides agree, and every claim held.', kind: 'good' },
  violation: { sign: '✗', words: 'The campaign found violations.', kind: 'bad' },
  missing: { sign: '✗', words: 'Nothing broke, but the campaign did not reach what it must.', kind: 'bad' },
  unknown: { sign: '?', words: 'Something did not come to an end: that is not a pass.', kind: 'warn' },
  interrupted: { sign: '?', words: 'Interrupted. The sides agreed until then.', kind: 'warn' },
} as const

export function Verdict({ report }: { readonly report: CampaignReportFile }) {
  const { verdict, complaints, subject, wire, seed, runs, operations, timings, scopes, command } = report
  // Whoever stops a campaign early has not seen it pass.
  const { sign, words, kind } = says[verdict === 'agree' && report.isInterrupted ? 'interrupted' : verdict]
  const rate = `${grouped(Math.round(timings.operationsPerSecond))} operations/s`
  return (
    <header>
      <div class={`verdict ${kind}`} data-verdict={verdict}>
        <span class="sign" aria-hidden="true">
          {sign}
        </span>
        <div>
          <h1>{words}</h1>
          {complaints.length > 0 && (
            <ul>
              {complaints.map(complaint => (
                <li key={complaint}>{complaint}</li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <p class="soft">
        {counted(runs, 'run')}, {counted(operations, 'operation')} in {timings.seconds.toFixed(1)} s ({rate}) on{' '}
        {counted(timings.workers, 'worker')}; subject <code>{subject}</code>
        {wire ? ' over the wire' : ''}, seed {seed}; {scopes.map(({ scope }) => scope).join(', ')}.
      </p>
      <Command text={command} />
    </header>
  )
}

/** A command to copy with one click, or by hand where the browser does not let a page copy. */
function Command({ text }: { readonly text: string }) {
  const [said, say] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => say('copied'),
      () => say('select it and copy by hand'),
    )
  return (
    <p class="command">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        Copy
      </button>
      <span role="status" class="soft">
        {said}
      </span>
    </p>
  )
}
