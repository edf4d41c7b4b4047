// A page that is put together otherwise than by its own maker says what is wrong, and is not empty.
import { render, type VNode } from 'preact'

/** Draws the page. `what` is what it should hold: `film`; `page` throws when it does not. */
export function showPage(what: string, page: () => VNode): void {
  const root = document.getElementById('page')
  if (root !== null) render(<Page what={what} page={page} />, root)
}

function Page({ what, page }: { readonly what: string; readonly page: () => VNode }) {
  try {
    return page()
  } catch (error) {
    return (
      <main class="failed">
        <h1>This page holds no {what} that it can draw</h1>
        <p>{error instanceof Error ? error.message : String(error)}</p>
      </main>
    )
  }
}
