// The picture of a run.
import { render } from 'preact'
import type { Film } from '../../film/film.ts'
import { unpacked } from '../../film/packed.ts'
import { dataText } from '../shared/data.ts'

const root = document.getElementById('page')
if (root !== null) render(<Page film={unpacked(dataText()) as unknown as Film} />, root)

function Page({ film }: { readonly film: Film }) {
  return (
    <main>
      <h1>{film.verdict.title}</h1>
    </main>
  )
}
