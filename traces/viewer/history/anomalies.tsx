// The list of anomalies: what must not be first, then what nobody can decide, then what the settings allow. One that is
// chosen shows the operations that prove it.
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { HistoryPicture, ShownAnomaly } from '../../history-picture.ts'
import { reveal } from '../shared/reveal.ts'
import { Sign } from '../shared/sign.tsx'
import type { Selection } from './selection.ts'
import { judgementSigns } from './shapes.ts'

type Props = {
  readonly picture: HistoryPicture
  readonly selection: Selection
  readonly onAnomaly: (anomaly: number) => void
  readonly onOperation: (operation: number) => void
}

export function Anomalies({ picture, selection, onAnomaly, onOperation }: Props) {
  const { anomalies, counts } = picture
  const view = useRef<HTMLDivElement>(null)
  const { anomaly: chosen } = selection
  useLayoutEffect(() => {
    const item = view.current?.querySelectorAll('ol > li')[chosen ?? -1]
    if (view.current !== null && item instanceof HTMLElement) reveal(view.current, item)
  }, [chosen])
  const all = counts.reduce((sum, { forbidden, undecided, allowed }) => sum + forbidden + undecided + allowed, 0)
  return (
    <section class="anomalies" aria-labelledby="anomalies">
      <h2 id="anomalies">{all === 0 ? 'No anomalies' : `${all} ${all === 1 ? 'anomaly' : 'anomalies'}`}</h2>
      <div class="scroller" ref={view}>
        {counts.length > 1 ? <Counts counts={counts} /> : null}
        <ol>
          {anomalies.map((anomaly, index) => (
            <li key={index} class={anomaly.judgement}>
              <button type="button" aria-expanded={index === chosen} onClick={() => onAnomaly(index)}>
                <span class="judgement">
                  <Sign name={judgementSigns[anomaly.judgement]} /> {anomaly.judgement}
                </span>{' '}
                <b>{anomaly.kind}</b>
                {anomaly.partition === null ? '' : ` in ${anomaly.partition}`}
                <span class="sentence">{anomaly.sentence}</span>
              </button>
              {index === chosen ? <Proof {...{ anomaly, picture, selection, onOperation }} /> : null}
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

function Counts({ counts }: Pick<HistoryPicture, 'counts'>) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">anomaly</th>
          <th scope="col">forbidden</th>
          <th scope="col">undecided</th>
          <th scope="col">allowed</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ kind, forbidden, undecided, allowed }) => (
          <tr key={kind}>
            <th scope="row">{kind}</th>
            <td>{forbidden}</td>
            <td>{undecided}</td>
            <td>{allowed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type ProofProps = Omit<Props, 'onAnomaly'> & { readonly anomaly: ShownAnomaly }

function Proof({ anomaly, picture, selection, onOperation }: ProofProps) {
  const { title, claim, since, operations, left } = anomaly
  return (
    <div class="proof">
      <p class="soft">
        {title} ({claim}){since === null ? '' : `; ${since}`}
      </p>
      <ul>
        {operations.map(index => {
          const operation = picture.operations[index]
          return (
            <li key={index}>
              <button
                type="button"
                class="line"
                aria-current={index === selection.operation ? 'step' : undefined}
                onClick={() => onOperation(index)}
              >
                <b>line {operation?.line}</b> {operation?.text}
              </button>
            </li>
          )
        })}
      </ul>
      {left > 0 ? <p class="soft">and {left} more operations</p> : null}
    </div>
  )
}
