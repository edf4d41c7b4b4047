// The picture of a recorded history: reads what is in the page, and draws it.
import type { Json } from '../../film/film.ts'
import type { HistoryPicture } from '../../history-picture.ts'
import { dataText } from '../shared/data.ts'
import { legible } from '../shared/legible.ts'
import { showPage } from '../shared/show-page.tsx'
import { App } from './app.tsx'

showPage('history', () => {
  const read: Json = JSON.parse(dataText())
  // The command is copied as it is.
  const { command } = pictureIn(read)
  return <App picture={pictureIn(legible(read, new Set(['note'])))} command={command} />
})

/** The maker of pictures and this page are of one build; a page that was put together otherwise says so. */
function pictureIn(value: Json): HistoryPicture {
  const picture = value as unknown as HistoryPicture
  if (picture?.format !== 'kafka-lockstep-history-picture')
    throw new Error('Its data are not the picture of a history.')
  return picture
}
