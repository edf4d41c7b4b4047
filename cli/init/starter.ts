// The files that `lockstep init` writes. The subjects are real files, in ../starter, which our own tests run.
import { readFileSync } from 'node:fs'
import type { ScopeName } from '../../properties/verdict.ts'
import type { Installer } from './project.ts'

/** A file by its path in the project. */
export type StarterFile = {
  readonly path: string
  readonly text: string
  /** The same for every scope: one that is there already stays, and another scope is added beside it. */
  readonly isShared: boolean
}

/**
 * What the files are called: the package is ES modules, and in a project that is not the compiler wants to read that in the
 * name of whoever imports it.
 */
export type Extension = 'ts' | 'mts'

/** Scopes of which a beginning is written; of the others there is the frame. */
const begun: readonly ScopeName[] = ['log', 'partitioner', 'assignor']

/** The starter of a scope. */
export function starterFiles(scope: ScopeName, extension: Extension, installer: Installer): readonly StarterFile[] {
  return [
    { path: subjectPath(scope, extension), text: subjectText(scope), isShared: false },
    { path: `lockstep/${scope}.test.${extension}`, text: testText(scope, extension), isShared: false },
    { path: 'lockstep/traces/.gitignore', text: ignoredText, isShared: true },
    { path: '.github/workflows/lockstep.yml', text: workflowText(installer), isShared: true },
  ]
}

/** Where the subject stands. */
export function subjectPath(scope: ScopeName, extension: Extension): string {
  return `lockstep/${scope}-subject.${extension}`
}

const ignoredText = `# Pictures of the traces, which \`npx lockstep show\` draws again.
*.html
`

function subjectText(scope: ScopeName): string {
  const name = begun.includes(scope) ? scope : 'unwritten'
  const text = readFileSync(new URL(`../starter/${name}-subject.ts`, import.meta.url), 'utf8')
  return name === scope ? text : text.replaceAll(/\bgroup\b/g, scope)
}

function testText(scope: ScopeName, extension: Extension): string {
  return `// Draws sequences of operations and faults, and lets the model of Kafka and the subject do them side by side. What fails is made
// small, shown, and kept in lockstep/traces. Options: node_modules/kafka-lockstep/docs/vitest.md
import { lockstep } from 'kafka-lockstep/vitest'
import { subject } from './${scope}-subject.${extension.replace('t', 'j')}'

lockstep('my ${scope} does what Kafka does', { scope: '${scope}', subject })
`
}

function workflowText({ name, install, execute }: Installer): string {
  return `# Holds this project's own implementation against kafka-lockstep's model of Kafka: at every push, and longer every night.
name: lockstep
on:
  push:
  pull_request:
  schedule:
    - cron: '17 3 * * *'
  workflow_dispatch:
jobs:
  lockstep:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
${name === 'npm' ? '' : '      - run: corepack enable\n'}      - run: ${install}
      - run: ${execute} vitest run lockstep
        env:
          # Seconds. Empty: as long as the tests say.
          LOCKSTEP_TIME: \${{ github.event_name == 'schedule' && '600' || '' }}
      - if: failure()
        uses: actions/upload-artifact@v6
        with:
          name: lockstep-traces
          path: lockstep/traces
`
}
