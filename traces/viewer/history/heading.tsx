// What the verdict is, of what, under which settings, and what was left out of the picture.
import type { HistoryPicture } from '../../history-picture.ts'
import { CopyLine } from '../shared/copy.tsx'
import { SchemeButton } from '../shared/scheme.tsx'
import { Sign, type SignName } from '../shared/sign.tsx'

type Props = { readonly picture: HistoryPicture; readonly command: string; readonly onHelp: () => void }

export function Heading({ picture, command, onHelp }: Props) {
  const { name, note, verdict, headline, sentence, under, seen, leftOut } = picture
  return (
    <header>
      <div class="title">
        <h1>
          <span class={`badge ${verdict}`}>
            <Sign name={signs[verdict]} /> {verdict}
          </span>{' '}
          {headline}
        </h1>
        {sentence === '' ? null : <p>{sentence}</p>}
        <p class="soft">
          {name} · {seen.operations} operations of {seen.clients} clients on {seen.partitions}{' '}
          {seen.partitions === 1 ? 'partition' : 'partitions'} · {seen.acknowledged} records acknowledged, {seen.read}{' '}
          read
        </p>
        {leftOut.map(one => (
          <p key={one} class="left-out">
            {one}
          </p>
        ))}
      </div>
      <details class="more">
        <summary>Settings, command</summary>
        <div class="sheet">
          {note === null ? null : <p class="note">{note}</p>}
          <CopyLine text={command} name="the command that verifies this history" />
          <ul>
            {under.map(setting => (
              <li key={setting}>
                <code>{setting}</code>
              </li>
            ))}
          </ul>
        </div>
      </details>
      <SchemeButton />
      <button type="button" class="icon" onClick={onHelp} aria-label="Help" title="Keys (?)">
        ?
      </button>
    </header>
  )
}

const signs: Readonly<Record<HistoryPicture['verdict'], SignName>> = {
  agree: 'tick',
  violation: 'cross',
  unknown: 'question',
}
