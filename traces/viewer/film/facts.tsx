// Small facts as name and value; one that is not what it was before the step is marked, and says what it was.
import type { Fact } from '../../film/film.ts'

export function Facts({
  facts,
  before,
  other,
}: {
  readonly facts: readonly Fact[]
  /** Null: nothing to compare with. */
  readonly before: readonly Fact[] | null
  /** What the other side says, when the sides differ. */
  readonly other?: readonly Fact[] | null
}) {
  if (facts.length === 0) return null
  return (
    <ul class="facts">
      {facts.map(({ name, value }) => {
        const was = before === null ? value : factIn(before, name)
        const differs = other !== undefined && other !== null && factIn(other, name) !== value
        return (
          <li key={name}>
            <span class="name">{name}</span> <Value value={value} was={was} differs={differs} />
          </li>
        )
      })}
    </ul>
  )
}

/** A value, marked when it was another one before the step, or is another one on the other side. */
export function Value({
  value,
  was,
  differs = false,
}: {
  readonly value: string
  /** Null: there was none. */
  readonly was: string | null
  readonly differs?: boolean
}) {
  const changed = was !== value
  const says = changed ? (was === null ? 'new' : `was ${was}`) : ''
  const classes = [changed ? 'changed' : '', differs ? 'differs' : ''].filter(one => one !== '').join(' ')
  return (
    <span class={classes === '' ? 'value' : `value ${classes}`} title={differs ? 'the sides differ' : says}>
      {differs ? <span class="unequal">≠ </span> : null}
      {value}
      {changed ? <small class="was"> {says}</small> : null}
    </span>
  )
}

function factIn(facts: readonly Fact[], name: string): string | null {
  return facts.find(fact => fact.name === name)?.value ?? null
}
