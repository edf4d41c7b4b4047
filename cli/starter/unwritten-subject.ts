// What stands beside the model of scope `group`. Nothing of it is written yet: the test says which operation it was asked for
// first. Call your own implementation here.
//
// Operations, outcomes and what is observed:   node_modules/kafka-lockstep/docs/subjects.md
// What each operation has to do, with sources: docs/protocol/ of kafka-lockstep
import { type OutcomeOf, partialSubject } from 'kafka-lockstep'

export const subject = partialSubject('group', {
  name: 'my group',
  // operations: ['…'],  the kinds that it does: sequences for it have no others
  // Every run starts anew.
  start: _setup => ({
    apply: (operation): OutcomeOf<'group'> => {
      throw new Error(`not written yet: ${operation.kind}`)
    },
    // observe: () => ({ … }),  what is compared after every operation, beside the outcomes
  }),
})
