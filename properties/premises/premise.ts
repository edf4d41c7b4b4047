// What a claim is about must have been there, or that it was kept says nothing: a claim about leaders that change is kept by
// every cluster whose leader never changes. Each scope names for each of its claims the premise that makes it more than
// vacuous, and a campaign report says how often it was there. Premises are looked at on what both sides show, with the
// claims, and only when somebody asks.
import type { Transition } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'

/** `what` ends the sentence "the claim was put to the test by …", and names one operation. */
export type Premise<Seen> = { readonly what: string; readonly isThere: (seen: Seen) => boolean }

/** The premises of a scope's claims, by claim; each is about one operation. */
export type Premises<S extends ScopeName> = Readonly<Record<string, Premise<Transition<S>>>>

/** What each premise is, by claim. */
export function namesOf(
  premises: Readonly<Record<string, { readonly what: string }>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(premises).map(([claim, { what }]) => [claim, what]))
}
