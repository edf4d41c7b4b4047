/** What is wrong with a frame, or with a value that cannot be written in a version: the codec throws nothing else. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly #what: string
  readonly #position: number | null
  /** The field at fault, such as `topicData[0].partitionData[2].records`; empty outside any field. */
  path = ''

  /** `position` counts bytes from the start of the frame without its size; null while writing. */
  constructor(what: string, position: number | null = null) {
    super(position === null ? what : `${what}, at byte ${position}`)
    this.#what = what
    this.#position = position
  }

  /** Says which field or element the error was met in; called from the innermost outwards. */
  inside(name: string | number): this {
    const step = typeof name === 'number' ? `[${name}]` : name
    this.path = this.path === '' || this.path.startsWith('[') ? step + this.path : `${step}.${this.path}`
    const at = this.#position === null ? '' : `, at byte ${this.#position}`
    this.message = `${this.path}: ${this.#what}${at}`
    return this
  }
}
