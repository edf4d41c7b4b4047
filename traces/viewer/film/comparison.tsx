// Where the sides part: the sentence that says what is broken and under which settings, and what each side has.
import { useState } from 'preact/hooks'
import type { Film, FilmDifference, Json } from '../../film/film.ts'
import { CopyLine } from '../shared/copy.tsx'
import { shortened } from '../shared/legible.ts'
import { Sign } from '../shared/sign.tsx'
import { brief } from './layout/differences.ts'

/** So many differences are listed at first. */
const mostListed = 12

export function Verdict({ film, replay }: { readonly film: Film; readonly replay: string | null }) {
  const { title, sentence, settings } = film.verdict
  return (
    <div class="verdict">
      <p>
        <strong>
          <Sign name="cross" /> {film.verdict.kind}: {title}
        </strong>
      </p>
      {sentence === '' ? null : <p>{sentence}</p>}
      {settings.length === 0 ? null : (
        <p class="soft">
          under{' '}
          {settings.map((setting, index) => (
            <span key={setting}>
              {index === 0 ? '' : ', '}
              <code>{setting}</code>
            </span>
          ))}
        </p>
      )}
      {replay === null ? null : <CopyLine text={replay} name="the replay command" />}
    </div>
  )
}

/** Both sides' values beside each other, path by path. */
export function Differences({
  differences,
  subjectName,
}: {
  readonly differences: readonly FilmDifference[]
  readonly subjectName: string
}) {
  const [all, showAll] = useState(false)
  if (differences.length === 0) return null
  const listed = all ? differences : differences.slice(0, mostListed)
  return (
    <section class="differences" aria-label="Differences">
      <table>
        <caption>
          The sides differ in {differences.length} {differences.length === 1 ? 'field' : 'fields'}
        </caption>
        <colgroup>
          <col class="path" />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">model</th>
            <th scope="col">{subjectName}</th>
          </tr>
        </thead>
        <tbody>
          {listed.map(({ path, model, subject }) => (
            <tr key={path}>
              <th scope="row">
                <span class="unequal">≠ </span>
                {path}
              </th>
              <DifferingValue value={model} />
              <DifferingValue value={subject} />
            </tr>
          ))}
        </tbody>
      </table>
      {listed.length < differences.length ? (
        <button type="button" onClick={() => showAll(true)}>
          {differences.length - listed.length} more
        </button>
      ) : null}
    </section>
  )
}

/** What the operation was answered. Of a live broker there are all answers that are allowed. */
export function Outcome({
  model,
  subject,
  subjectName,
  isLive,
}: {
  readonly model: Json
  readonly subject: Json
  readonly subjectName: string | null
  readonly isLive: boolean
}) {
  if (model === null && subject === null) return null
  const allowed = isLive && Array.isArray(model) ? model : [model]
  const isOne = !isLive && (subject === null || subjectName === null || brief(model) === brief(subject))
  return (
    <section class="outcome" aria-label="Answer">
      <h2>{isLive ? 'Answers' : 'Answer'}</h2>
      <dl>
        <dt>{isLive ? 'allowed' : isOne ? (subjectName === null ? 'it' : 'both') : 'model'}</dt>
        {allowed.map((answer, index) => (
          <dd key={index}>
            <code>{shortened(brief(answer), 600)}</code>
          </dd>
        ))}
        {isOne ? null : (
          <>
            <dt>{subjectName ?? 'subject'}</dt>
            <dd>
              <code>{subject === null ? 'none' : shortened(brief(subject), 600)}</code>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function DifferingValue({ value }: { readonly value: Json | undefined }) {
  const text = brief(value)
  if (text.length <= 60) return <td class={value === undefined ? 'soft' : undefined}>{text}</td>
  return (
    <td>
      <details>
        <summary>{shortened(text, 60)}</summary>
        <pre>{JSON.stringify(value, null, 2)}</pre>
      </details>
    </td>
  )
}
