// The list of anomalies: what must not be first, then what nobody can decide, then what the settings allow. One that is
// chosen shows the operations that prove it.
import type { HistoryPicture, ShownAnomaly } from '../../history-picture.ts'

type Props = {
  readonly picture: HistoryPicture
  readonly chosen: number | null
  readonly choose: (anomaly: number | null) => void
  readonly show: (operation: number) => void
}

export function Anomalies({ picture, chosen, choose, show }: Props) {
  const { anomalies, counts } = picture
  const all = counts.reduce((sum, { forbidden, undecided, allowed }) => sum + forbidden + undecided + allowed, 0)
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') choose(null)
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || anomalies.length === 0) return
    event.preventDefault()
    const next = Math.max(0, Math.min((chosen ?? -1) + by, anomalies.length - 1))
    choose(next)
    const list = event.currentTarget as HTMLElement
    list.querySelectorAll<HTMLElement>('.anomaly > button')[next]?.focus()
  }
  return (
    <aside aria-labelledby="anomalies">
      <h2 id="anomalies">
        {all === 0 ? 'No anomalies' : `${all} ${all === 1 ? 'anomaly' : 'anomalies'}`}
        {anomalies.length < all && `, of which ${anomalies.length} are listed`}
      </h2>
      {counts.length > 0 && <Counts counts={counts} />}
      <ol onKeyDown={keys}>
        {anomalies.map((anomaly, index) => (
          <li key={index} class={`anomaly ${anomaly.judgement}`}>
            <button
              type="button"
              aria-expanded={index === chosen}
              onClick={() => choose(index === chosen ? null : index)}
            >
              <span class="judgement">{words[anomaly.judgement]}</span> <b>{anomaly.kind}</b>
              {anomaly.partition === null ? '' : ` in ${anomaly.partition}`}
            </button>
            {index === chosen && <Proof anomaly={anomaly} picture={picture} show={show} />}
          </li>
        ))}
      </ol>
    </aside>
  )
}

const words = { forbidden: '✗ forbidden', undecided: '? undecided', allowed: '✓ allowed' } as const

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

type ProofProps = Pick<Props, 'picture' | 'show'> & { readonly anomaly: ShownAnomaly }

function Proof({ anomaly, picture, show }: ProofProps) {
  return (
    <div class="proof">
      <p>{anomaly.sentence}.</p>
      <p class="soft">
        {anomaly.title}; {anomaly.claim}
        {anomaly.since === null ? '' : `; ${anomaly.since}`}
      </p>
      <ul>
        {anomaly.operations.map(index => {
          const operation = picture.operations[index]
          return (
            <li key={index}>
              <button type="button" class="line" onClick={() => show(index)}>
                line {operation?.line}: {operation?.text}
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
