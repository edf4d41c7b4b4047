// Brings an item of a list into sight, its beginning if there is no room for all. Only the list itself scrolls, never the page.

export function reveal(list: HTMLElement, item: HTMLElement): void {
  const top = item.offsetTop - list.offsetTop - 8
  const bottom = top + item.offsetHeight + 16
  if (top < list.scrollTop) list.scrollTop = top
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = Math.min(top, bottom - list.clientHeight)
}
