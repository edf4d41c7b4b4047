// The arguments of `lockstep completion`.
import { Argument, Command } from 'commander'
import { oneOf } from '../arguments.ts'
import { withExamples } from './examples.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** The command; what it does is loaded when it is asked for. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('print a script that lets your shell complete commands, options and their values')
    .addArgument(oneOf(new Argument('<shell>', 'which shell'), shells))
    .action(async (shell: (typeof shells)[number], _options: unknown, { parent }: Command) => {
      const { completionScript } = await import('../completion/script.ts')
      if (parent !== null) process.stdout.write(await completionScript(shell, parent))
    })
  return withExamples(
    command,
    [
      'eval "$(npx lockstep completion bash)"',
      'in this shell; in ~/.bashrc in every one. The same with zsh and ~/.zshrc',
    ],
    [
      'npx lockstep completion fish | source',
      'in this fish; into ~/.config/fish/completions/lockstep.fish for every one',
    ],
  )
}
