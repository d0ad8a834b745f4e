// Fairway's server as `fairway serve` starts it, log on stderr, journal in the folder given; no deployment ever gets its lock, so
// that each push makes the one before it superseded and nothing but accepting is measured.
import { fakeWorld } from '@fairway/core/testing'
import { systemClock, type Locks } from '@fairway/core'
import { createLogger, loadConfig, startServer } from '../../packages/server/src/index.ts'
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
answerParent(server.url, () => void server.close(AbortSignal.abort()).then(() => logger.close()))

/** All of them but the one of the data directory. */
function heldByAnother(): Locks {
  const lock = { note: () => {}, release: () => Promise.resolve() }
  const holder = { pid: 1, who: 'another', since: new Date().toISOString() }
  return {
    take: (what) =>
      Promise.resolve(what.startsWith('data:') ? { taken: true, lock } : { taken: false, holder }),
  }
}
