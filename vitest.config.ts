// Which tests there are and how they report: tests stand beside the code that they test.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['./.ci/fixed-seed.ts'],
    include: ['{model,impl,properties,traces,cli,library}/**/*.test.ts'],
    reporters: ['default', './.ci/reporter.ts'],
  },
})
