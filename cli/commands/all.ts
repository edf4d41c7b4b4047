// Every command of `lockstep`. Each has a file here that says its arguments, and loads what it does when it is asked for.
import type { Command } from 'commander'
import { checkCommand } from './check.ts'
import { completionCommand } from './completion.ts'
import { exploreCommand } from './explore.ts'
import { initCommand } from './init.ts'
import { replayCommand } from './replay.ts'
import { serveCommand } from './serve.ts'
import { showCommand } from './show.ts'
import { shrinkCommand } from './shrink.ts'
import { validateCommand } from './validate.ts'
import { verifyCommand } from './verify.ts'
import { zooCommand } from './zoo.ts'

/** In the order in which `--help` lists them. */
export function allCommands(): readonly Command[] {
  return [
    checkCommand(),
    replayCommand(),
    showCommand(),
    shrinkCommand(),
    validateCommand(),
    verifyCommand(),
    exploreCommand(),
    zooCommand(),
    serveCommand(),
    initCommand(),
    completionCommand(),
  ]
}
