// Fairway's server as `fairway serve` starts it: log on stderr, journal in the data directory. Its worker is kept waiting for a lock that
// it never gets, so that each push makes the one before it superseded, and nothing but accepting is measured.
import { fakeWorld, pushPayload, signedDelivery } from '@fairway/core/testing'
import { systemClock, type Locks } from '@fairway/core'
import { createLogger, loadConfig, startServer } from '../../packages/server/src/index.ts'
import { secret } from './deliveries.ts'
import { answerParent } from './measured.ts'

const [file = ''] = process.argv.slice(2)
const config = await loadConfig({ environment: {}, directory: process.cwd(), flags: {}, file })
const { logFormat, logFile } = config.server
const logger = createLogger({
  format: logFormat,
  logFile,
  secrets: config.secrets.map(({ value }) => value),
})
const executors = { ...fakeWorld({ path: '/checkout' }), clock: systemClock(), locks: heldByAnother() }
const server = await startServer(config, { logger, executors })
await occupy(server.url)
answerParent(server.url, () => void server.close(AbortSignal.abort()).then(() => logger.close()))

/** Gives the one deployment that may run at a time something to wait for. */
async function occupy(url: string): Promise<void> {
  const { headers, body } = signedDelivery({ secret, payload: pushPayload({ repository: 'acme/busy' }) })
  const answer = await fetch(`${url}/webhook`, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  })
  if (answer.status !== 202) throw new Error(`The first delivery was answered ${answer.status}`)
}

/** All of them but the one of the data directory. */
function heldByAnother(): Locks {
  const lock = { note: () => {}, release: () => Promise.resolve() }
  const holder = { pid: 1, who: 'another', since: new Date().toISOString() }
  return {
    take: (what) =>
      Promise.resolve(what.startsWith('data:') ? { taken: true, lock } : { taken: false, holder }),
  }
}
