// What is selected: an operation always, and an anomaly or none. At first, by a link, by a key.
import type { HistoryPicture } from '../../history-picture.ts'

export type Selection = {
  /** Index into `operations`. */
  readonly operation: number
  /** Index into `anomalies`. */
  readonly anomaly: number | null
}

/** The weightiest anomaly of a history that is not as it should be; otherwise the first operation. */
export function firstShown(picture: HistoryPicture): Selection {
  const isBad = picture.anomalies[0] !== undefined && picture.anomalies[0].judgement !== 'allowed'
  return isBad ? atAnomaly(picture, 0) : { operation: 0, anomaly: null }
}

/** An anomaly, at the last operation that proves it: there it shows. */
export function atAnomaly({ anomalies }: HistoryPicture, anomaly: number): Selection {
  return { operation: anomalies[anomaly]?.operations.at(-1) ?? 0, anomaly }
}

/** Of `#anomaly=3`, the third of the list, and of `#step=16`, the operation of line 16; null when there is none such. */
export function selectionOfLink(hash: string, picture: HistoryPicture): Selection | null {
  const [, what, number] = /^#(step|anomaly)=(\d{1,9})$/.exec(hash) ?? []
  if (what === undefined) return null
  if (what === 'anomaly') {
    const anomaly = Number(number) - 1
    return picture.anomalies[anomaly] === undefined ? null : atAnomaly(picture, anomaly)
  }
  const operation = picture.operations.findIndex(({ line }) => line === Number(number))
  return operation < 0 ? null : { operation, anomaly: null }
}

/** The link to an operation, or to an anomaly as long as one is where choosing it leads. */
export function linkTo(picture: HistoryPicture, { operation, anomaly }: Selection): string {
  if (anomaly !== null && atAnomaly(picture, anomaly).operation === operation) return `#anomaly=${anomaly + 1}`
  return stepLink(picture, operation)
}

export function stepLink({ operations }: HistoryPicture, operation: number): string {
  return `#step=${operations[operation]?.line ?? 0}`
}

/** Where a key leads; null when it is not a key of ours. An anomaly that is chosen stays chosen while one steps. */
export function selectionOfKey(key: string, current: Selection, picture: HistoryPicture): Selection | null {
  const last = Math.max(0, picture.operations.length - 1)
  const to = (operation: number): Selection => ({ ...current, operation: Math.max(0, Math.min(last, operation)) })
  switch (key) {
    case 'ArrowRight':
    case 'j':
    case 'n':
      return to(current.operation + 1)
    case 'ArrowLeft':
    case 'k':
    case 'p':
      return to(current.operation - 1)
    case 'PageDown':
      return to(current.operation + 10)
    case 'PageUp':
      return to(current.operation - 10)
    case 'Home':
      return to(0)
    case 'End':
      return to(last)
    case 'a':
      return nextAnomaly(current, picture, 1)
    case 'A':
      return nextAnomaly(current, picture, -1)
    case 'Escape':
      return current.anomaly === null ? null : { ...current, anomaly: null }
    default:
      return null
  }
}

/** Round and round. */
export function nextAnomaly(current: Selection, picture: HistoryPicture, by: 1 | -1): Selection | null {
  const count = picture.anomalies.length
  if (count === 0) return null
  const next = current.anomaly === null ? (by > 0 ? 0 : count - 1) : (current.anomaly + by + count) % count
  return atAnomaly(picture, next)
}

/** The anomalies that an operation takes part in; indices into `anomalies`. */
export function anomaliesOf({ anomalies }: HistoryPicture, operation: number): readonly number[] {
  return anomalies.flatMap(({ operations }, index) => (operations.includes(operation) ? [index] : []))
}
