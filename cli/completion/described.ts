// The command line as plain data, read from the very definitions that parse it: what completion scripts are made of.
import type { Argument, Command, Option } from 'commander'
import { placeholderOf, type Values, valuesFor } from './values.ts'

export type DescribedOption = {
  /** `-o` and `--output`. */
  readonly flags: readonly string[]
  readonly says: string
  /** Null when it takes no value. */
  readonly value: DescribedValue | null
  readonly isRepeated: boolean
}

export type DescribedValue = Values & { readonly name: string }

export type DescribedCommand = {
  readonly name: string
  readonly says: string
  readonly options: readonly DescribedOption[]
  readonly arguments: readonly DescribedValue[]
}

export type DescribedProgram = {
  /** What can be said in the place of a command. */
  readonly options: readonly DescribedOption[]
  readonly commands: readonly DescribedCommand[]
}

/** Every command of a program. */
export async function described(program: Command): Promise<DescribedProgram> {
  const { options } = await describedCommand(program)
  return { options, commands: await Promise.all(program.createHelp().visibleCommands(program).map(describedCommand)) }
}

async function describedCommand(command: Command): Promise<DescribedCommand> {
  return {
    name: command.name(),
    says: command.description(),
    options: await Promise.all(command.createHelp().visibleOptions(command).map(describedOption)),
    arguments: await Promise.all(command.registeredArguments.map(describedValue)),
  }
}

async function describedOption(option: Option): Promise<DescribedOption> {
  return {
    flags: [option.short, option.long].filter(flag => flag !== undefined && flag !== null),
    says: option.description,
    value: option.required || option.optional ? await describedValue(option) : null,
    // An option that begins with a list collects one value each time that it is given.
    isRepeated: option.variadic || Array.isArray(option.defaultValue),
  }
}

async function describedValue(taker: Option | Argument): Promise<DescribedValue> {
  return { name: placeholderOf(taker), ...((await valuesFor(taker)) ?? { words: [], paths: 'none' }) }
}
