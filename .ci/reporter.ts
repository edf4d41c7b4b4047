// A vitest reporter whose whole output is one last line, `N passed, N failed`, for scripts to read.
//
// A file that cannot be loaded and an error outside any test count as one failure each, because a run that
// did not reach its tests must not look green. Skipped tests count as neither.

import type { Reporter, TestModule } from 'vitest/node'

export default class CountsReporter implements Reporter {
  // A run that never ends is a failure, so that is what is printed until the run says otherwise.
  private line = '0 passed, 1 failed'

  onInit(): void {
    // Printing at exit puts the line after everything else that vitest says.
    process.once('exit', () => process.stdout.write(`${this.line}\n`))
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const counts = { passed: 0, failed: unhandledErrors.length }
    for (const module of modules) {
      let failedTests = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed += 1
        if (state === 'failed') failedTests += 1
      }
      // A module can fail without any failed test: a syntax error, or a hook that throws.
      counts.failed += module.state() === 'failed' ? Math.max(failedTests, 1) : failedTests
    }
    this.line = `${counts.passed} passed, ${counts.failed} failed`
  }
}
