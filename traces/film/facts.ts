// A name and a value for people.
import type { Fact } from './film.ts'

export function fact(name: string, value: string | number): Fact {
  return { name, value: String(value) }
}
