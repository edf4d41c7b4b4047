// The picture of a recorded history: reads what is in the page, and draws it.
import { render } from 'preact'
import type { Json } from '../../film/film.ts'
import type { HistoryPicture } from '../../history-picture.ts'
import { dataText } from '../shared/data.ts'
import { legible } from '../shared/legible.ts'
import { App } from './app.tsx'

function Page() {
  try {
    const read: Json = JSON.parse(dataText())
    // The command is copied as it is.
    const { command } = pictureIn(read)
    return <App picture={pictureIn(legible(read, new Set(['note'])))} command={command} />
  } catch (error) {
    return (
      <main class="failed">
        <h1>This page holds no history that it can draw</h1>
        <p>{error instanceof Error ? error.message : String(error)}</p>
      </main>
    )
  }
}

/** The maker of pictures and this page are of one build; a page that was put together otherwise says so. */
function pictureIn(value: Json): HistoryPicture {
  const picture = value as unknown as HistoryPicture
  if (picture?.format !== 'kafka-lockstep-history-picture')
    throw new Error('Its data are not the picture of a history.')
  return picture
}

const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
