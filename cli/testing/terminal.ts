// Runs the real command on a pseudo terminal.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../lockstep.js', import.meta.url))
const terminal = fileURLToPath(new URL('./terminal.py', import.meta.url))

/** What was drawn while the terminal was so wide. */
export type Drawn = { readonly columns: number; readonly text: string }

/** What happens when the command has drawn a text. */
export type Act =
  | { readonly at: string; readonly kind: 'interrupt' }
  | { readonly at: string; readonly kind: 'resize'; readonly columns: number }

export type OnTerminal = { readonly code: number | null; readonly pieces: readonly Drawn[]; readonly text: string }

/** Runs `lockstep` on a terminal of so many columns; `acts` happen one after the other. */
export function onTerminal(
  args: readonly string[],
  {
    columns,
    acts = [],
    cwd,
    env,
    script = launcher,
  }: {
    readonly columns: number
    readonly acts?: readonly Act[]
    readonly cwd: string
    readonly env?: Readonly<Record<string, string>>
    /** Something else than `lockstep`. */
    readonly script?: string
  },
): Promise<OnTerminal> {
  const told = acts.flatMap(act => ['--at', act.at, act.kind, ...(act.kind === 'resize' ? [String(act.columns)] : [])])
  const { CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...inherited } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn('python3', [terminal, String(columns), ...told, '--', process.execPath, script, ...args], {
      cwd,
      env: { ...inherited, TERM: 'xterm-256color', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (text: Buffer) => {
      said += String(text)
    })
    child.on('error', reject)
    child.on('close', () => {
      const lines = said.trimEnd().split('\n')
      const { code } = JSON.parse(lines.pop() ?? '{"code":null}')
      const pieces = lines.map((line): Drawn => JSON.parse(line))
      resolve({ code, pieces, text: pieces.map(({ text }) => text).join('') })
    })
  })
}
