// What @platformatic/kafka says to a wrong password: its errors hold the reason within, which its driver does not print.
import { inspect } from 'node:util'
import { bootstrap, requireInstalled, security } from '../clients/harness.ts'

const { Admin } = requireInstalled('@platformatic/kafka')
const { mechanism, username, password, certificates } = security
const { readFileSync } = await import('node:fs')
const tls = certificates === undefined ? {} : { tls: { ca: readFileSync(certificates) } }
const admin = new Admin({
  clientId: 'refused',
  bootstrapBrokers: bootstrap.split(','),
  sasl: { mechanism, username, password },
  retries: 0,
  ...tls,
})
try {
  await admin.listTopics()
  console.log(JSON.stringify({ checks: ['let in'], failed: [] }))
} catch (error) {
  console.log(JSON.stringify({ checks: [], failed: [{ check: 'let in', why: inspect(error, { depth: 8 }) }] }))
  process.exitCode = 1
} finally {
  await admin.close()
}
