// Says which Node is needed, before anything is used that an older one does not have. The entrances import it first: it is the
// one file here that does its work when it is loaded. cli/lockstep.js says the same for the command.

const oldest = [22, 18] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  throw new Error(
    `kafka-lockstep needs Node ${oldest.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node.`,
  )
}
