// What a broken claim looks like. The ids are those of docs/claims.md.

/** A claim of the protocol that does not hold, and a sentence that says what was seen instead. */
export type Violation = { readonly claim: string; readonly sentence: string }
