// The data that page.ts put into the page.

/** JSON text. Throws when this page is the empty template. */
export function dataText(): string {
  const text = document.getElementById('data')?.textContent ?? ''
  if (text === '<!--data-->') throw new Error('There are no data in this page.')
  return text
}
