// The picture of a run: reads the film that is in the page, and draws it.
import type { Film, Json } from '../../film/film.ts'
import { unpacked } from '../../film/packed.ts'
import { dataText } from '../shared/data.ts'
import { legible } from '../shared/legible.ts'
import { showPage } from '../shared/show-page.tsx'
import { App } from './app.tsx'

/** Fields of a film that may have lines. */
const withLines: ReadonlySet<string> = new Set(['note', 'comment', 'sentence', 'details'])

showPage('film', () => {
  const read = unpacked(dataText())
  // The command is copied as it is.
  const { replay } = filmIn(read)
  return <App film={filmIn(legible(read, withLines))} replay={replay} />
})

/** The makers of films and this page are of one build; a page that was put together otherwise says so. */
function filmIn(value: Json): Film {
  const film = value as unknown as Film
  if (film?.format !== 'kafka-lockstep-film') throw new Error('Its data are not a film.')
  if (film.version !== 1) throw new Error(`Its film is of version ${film.version}, and this page draws version 1.`)
  return film
}
