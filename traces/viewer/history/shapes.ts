// How a client is told apart: by a colour and a shape of its own. Sends are filled, polls are hollow.

/** The path of a shape around a point, of about the same size each. */
type Shape = (x: number, y: number, size: number) => string

const circle: Shape = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
const square: Shape = (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`
const triangle: Shape = (x, y, r) => `M${x} ${y - r * 1.2}L${x + r * 1.15} ${y + r}H${x - r * 1.15}z`
const diamond: Shape = (x, y, r) =>
  `M${x} ${y - r * 1.35}L${x + r * 1.35} ${y}L${x} ${y + r * 1.35}L${x - r * 1.35} ${y}z`
const fallen: Shape = (x, y, r) => `M${x} ${y + r * 1.2}L${x + r * 1.15} ${y - r}H${x - r * 1.15}z`
const plus: Shape = (x, y, r) => {
  const t = r * 0.45
  return `M${x - t} ${y - r}h${2 * t}v${r - t}h${r - t}v${2 * t}h${t - r}v${r - t}h${-2 * t}v${t - r}h${t - r}v${-2 * t}h${r - t}z`
}
const hexagon: Shape = (x, y, r) =>
  `M${x + r * 1.15} ${y}l${-r * 0.57} ${r}h${-r * 1.15}l${-r * 0.58} ${-r}l${r * 0.58} ${-r}h${r * 1.15}z`

const shapes = [circle, square, triangle, diamond, fallen, plus, hexagon] as const
const colours = 7
const dashes = ['none', '6 3', '2 3', '8 3 2 3'] as const

/** How the client with this number looks. More than 49 clients look alike in part, and their names still tell. */
export function looks(client: number): { readonly colour: string; readonly shape: Shape; readonly dash: string } {
  const round = Math.floor(client / colours)
  return {
    colour: `var(--series-${client % colours})`,
    shape: shapes[(client + round) % shapes.length] ?? circle,
    dash: dashes[client % dashes.length] ?? 'none',
  }
}

/** A small cross, for what certainly failed. */
export function cross(x: number, y: number, r: number): string {
  return `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`
}

/** A position with so many digits as a screen can show. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
