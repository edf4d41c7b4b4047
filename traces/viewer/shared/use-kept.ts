// A value that is made anew only when one of its parts is another object, however many parts there are.
import { useRef } from 'preact/hooks'

export function useKept<Value>(parts: readonly unknown[], make: () => Value): Value {
  const kept = useRef<{ readonly parts: readonly unknown[]; readonly value: Value } | null>(null)
  const before = kept.current
  const isSame = before?.parts.length === parts.length && parts.every((part, index) => part === before.parts[index])
  if (before !== null && isSame) return before.value
  const value = make()
  kept.current = { parts, value }
  return value
}
