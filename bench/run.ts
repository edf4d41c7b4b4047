// `npm run bench`: every measurement, one after the other. Nothing here asserts a time.
import { execFileSync } from 'node:child_process'
import { benchLockstep } from './lockstep.ts'

console.log('Lockstep, one core\n')
benchLockstep(3)
console.log('\nThe log alone, in memory and on files\n')
execFileSync(process.execPath, ['bench/log.ts'], { stdio: 'inherit' })
console.log('\nThe explorer (with TLC: node bench/explore.ts --tlc CLASSPATH --specs FOLDER)\n')
execFileSync(process.execPath, ['bench/explore.ts'], { stdio: 'inherit' })
