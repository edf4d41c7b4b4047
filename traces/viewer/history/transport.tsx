// Buttons and a slider that step through the operations, and the operation at which one is.
import type { HistoryPicture } from '../../history-picture.ts'
import { Button } from '../shared/button.tsx'
import { shortened } from '../shared/legible.ts'
import { Sign } from '../shared/sign.tsx'
import { anomaliesOf, type Selection } from './selection.ts'
import { judgementSigns } from './shapes.ts'
import { zooms } from './view.ts'

type Props = {
  readonly picture: HistoryPicture
  readonly selection: Selection
  readonly level: number
  readonly onOperation: (operation: number) => void
  readonly onAnomaly: (anomaly: number) => void
  readonly onAnomalyStep: (by: 1 | -1) => void
  readonly onClear: () => void
  /** By so many levels. */
  readonly onZoom: (by: number) => void
}

export function Transport(props: Props) {
  const { picture, selection, onOperation, onAnomaly } = props
  const { operation: at } = selection
  const last = picture.operations.length - 1
  const operation = picture.operations[at]
  if (operation === undefined) return null
  const taking = anomaliesOf(picture, at)
  return (
    <section class="transport" aria-label="Steps">
      <Button name="First operation" keys="Home" isOff={at === 0} onClick={() => onOperation(0)} sign="first" isEnd />
      <Button name="Previous operation" keys="←" isOff={at === 0} onClick={() => onOperation(at - 1)} sign="previous" />
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label="Operation"
        aria-valuetext={`line ${operation.line}: ${shortened(operation.text, 80)}`}
        onInput={event => onOperation(Number(event.currentTarget.value))}
      />
      <Button name="Next operation" keys="→" isOff={at === last} onClick={() => onOperation(at + 1)} sign="next" />
      <Button
        name="Last operation"
        keys="End"
        isOff={at === last}
        onClick={() => onOperation(last)}
        sign="last"
        isEnd
      />
      <output>
        {at + 1} of {last + 1}
      </output>
      <Chooser {...props} />
      <Zoom {...props} />
      <p class="told">
        <b>line {operation.line}</b> <span>{shortened(operation.text, 600)}</span>
        {taking.slice(0, anomaliesTold).map(anomaly => (
          <button
            key={anomaly}
            type="button"
            class={`tag ${picture.anomalies[anomaly]?.judgement}`}
            aria-pressed={anomaly === selection.anomaly}
            onClick={() => onAnomaly(anomaly)}
          >
            <Sign name={judgementSigns[picture.anomalies[anomaly]?.judgement ?? 'forbidden']} />{' '}
            {picture.anomalies[anomaly]?.kind}
          </button>
        ))}
        {taking.length > anomaliesTold ? ` and ${taking.length - anomaliesTold} more` : ''}
      </p>
    </section>
  )
}

const anomaliesTold = 3

/** Through the anomalies. */
function Chooser({ picture, selection, onAnomalyStep, onClear }: Props) {
  const count = picture.anomalies.length
  if (count === 0) return null
  return (
    <span class="chooser">
      <Button name="Previous anomaly" keys="A" isOff={false} onClick={() => onAnomalyStep(-1)} sign="previous" />
      <span class="which">
        {selection.anomaly === null
          ? `${count} ${count === 1 ? 'anomaly' : 'anomalies'}`
          : `anomaly ${selection.anomaly + 1} of ${count}`}
      </span>
      <Button name="Next anomaly" keys="a" isOff={false} onClick={() => onAnomalyStep(1)} sign="next" />
      <Button name="No anomaly" keys="Esc" isOff={selection.anomaly === null} onClick={onClear} sign="cross" />
    </span>
  )
}

function Zoom({ level, onZoom }: Props) {
  return (
    <span class="zoom">
      <Button name="Farther" keys="−" isOff={level === 0} onClick={() => onZoom(-1)} sign="minus" />
      <Button name="Nearer" keys="+" isOff={level === zooms.length - 1} onClick={() => onZoom(1)} sign="plus" />
    </span>
  )
}
