// The end of every switch in the model.

/**
 * Makes the compiler prove that a switch handled every case: an unhandled one is not `never` and does not compile.
 * The model has no exceptions, so this hands its argument back instead of throwing.
 */
export function unreachable(value: never): never {
  return value
}
