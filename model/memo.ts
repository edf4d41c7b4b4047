// Remembering what was derived from immutable values. It changes no answer, only how often it is worked out.

/**
 * The same function, which works each answer out once for each argument object. Because the model's values never change,
 * an unchanged part of a state keeps being observed as the identical object, and observers can compare by identity.
 */
export function remembered<Key extends object, Value extends object>(derive: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>()
  return key => {
    const found = known.get(key)
    if (found !== undefined) return found
    const value = derive(key)
    known.set(key, value)
    return value
  }
}
