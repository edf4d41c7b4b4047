// Where `.ci/clients/install.sh` has put the libraries.
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

const folder =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')

export const installed = {
  folder,
  /** Loads a package that was installed there. */
  require: createRequire(join(folder, 'npm', 'package.json')),
}
