// Every fast-check property in the test suite runs from one seed, so that a red gate is red again. A campaign (`lockstep
// check`) is the place for new seeds; LOCKSTEP_TEST_SEED tries another one here.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.LOCKSTEP_TEST_SEED ?? 20261123) })
