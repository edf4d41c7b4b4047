// `lockstep completion SHELL`: the script of one shell, made of the commands as they are defined.
import type { Command } from 'commander'
import { bashScript } from './bash.ts'
import { described } from './described.ts'
import { fishScript } from './fish.ts'
import { zshScript } from './zsh.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** The shells that a script can be made for. */
export type Shell = keyof typeof scripts

/** The script that completes every command of a program. */
export async function completionScript(shell: Shell, program: Command): Promise<string> {
  return scripts[shell](await described(program))
}
