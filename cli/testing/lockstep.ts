// Runs the real command in a process of its own, as its users do.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../lockstep.js', import.meta.url))

/** Where the test subjects are. */
export const subjects = fileURLToPath(new URL('./subjects.ts', import.meta.url))

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type LockstepOptions = {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Sends SIGINT when stderr first shows this text. */
  readonly interruptAt?: string
  /** Reads stderr no more when it first shows this text. */
  readonly deafAt?: string
  /** Never reads it. */
  readonly deafTo?: 'stdout' | 'stderr'
}

/** Runs `lockstep` to its end. */
export function lockstep(
  args: readonly string[],
  { cwd, env, interruptAt, deafAt, deafTo }: LockstepOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [launcher, ...args], { cwd, env: { ...process.env, NO_COLOR: '1', ...env } })
    let stdout = ''
    let stderr = ''
    let isInterrupted = false
    if (deafTo !== undefined) child[deafTo].destroy()
    child.stdout.on('data', (text: Buffer) => {
      stdout += String(text)
    })
    child.stderr.on('data', (text: Buffer) => {
      stderr += String(text)
      if (deafAt !== undefined && stderr.includes(deafAt)) child.stderr.destroy()
      if (interruptAt === undefined || isInterrupted || !stderr.includes(interruptAt)) return
      isInterrupted = true
      child.kill('SIGINT')
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** The object on the last line of stdout. */
export function lastJson({ stdout }: Ended): Readonly<Record<string, unknown>> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}
