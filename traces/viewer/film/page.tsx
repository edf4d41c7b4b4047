// The picture of a run: reads the film that is in the page, and draws it.
import { render } from 'preact'
import type { Film, Json } from '../../film/film.ts'
import { unpacked } from '../../film/packed.ts'
import { dataText } from '../shared/data.ts'
import { legible } from '../shared/legible.ts'
import { App } from './app.tsx'

/** Fields of a film that may have lines. */
const withLines: ReadonlySet<string> = new Set(['note', 'comment', 'sentence', 'details'])

function Page() {
  try {
    const read = unpacked(dataText())
    // The command is copied as it is.
    const { replay } = filmIn(read)
    return <App film={filmIn(legible(read, withLines))} replay={replay} />
  } catch (error) {
    return (
      <main class="failed">
        <h1>This page holds no film that it can draw</h1>
        <p>{error instanceof Error ? error.message : String(error)}</p>
      </main>
    )
  }
}

/** The makers of films and this page are of one build; a page that was put together otherwise says so. */
function filmIn(value: Json): Film {
  const film = value as unknown as Film
  if (film?.format !== 'kafka-lockstep-film') throw new Error('Its data are not a film.')
  if (film.version !== 1) throw new Error(`Its film is of version ${film.version}, and this page draws version 1.`)
  return film
}

const root = document.getElementById('page')
if (root !== null) render(<Page />, root)
