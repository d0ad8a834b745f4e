import {
  fakeClock,
  fakeCompose,
  fakeContainer,
  fakeEngine,
  fakeFiles,
  fakeGit,
  fakeLocks,
} from '@fairway/core/testing'
import { createLogger, createServer, type FairwayServer } from '../../packages/server/src/index.ts'

export const secret = 'the secret of the fuzzed server, never to be told'

/** A server that would deploy, to doubles that count, and a real log whose lines are looked at. */
export interface World {
  readonly server: FairwayServer
  /** What the doubles were asked to do to the world. */
  readonly calls: () => number
}

export function makeWorld(onLine: (line: string) => void): World {
  const git = fakeGit()
  git.commit('refs/heads/main', { 'web/index.html': 'one\n' })
  git.checkOut('/srv/shop')
  const engine = fakeEngine()
  engine.show('shop', [fakeContainer({ service: 'web' })])
  const compose = fakeCompose({ services: [{ name: 'web', replicas: 1 }] })
  const files = fakeFiles({ '/srv/shop/docker-compose.prod.yml': 'services: {}\n' })
  const server = createServer({
    config: {
      server: { logFile: null, trustedProxies: ['10.0.0.0/8'] },
      webhook: { secrets: [secret] },
      apps: {
        shop: { repository: 'acme/shop', branch: 'main', path: '/srv/shop' },
        blog: {
          repository: 'acme/blog',
          branch: 'main',
          path: '/srv/blog',
          webhookSecrets: [`${secret}, of the blog`],
        },
      },
    },
    logger: createLogger({
      format: 'text',
      logFile: null,
      secrets: [secret],
      // What was logged in one turn comes at once; each begins with its time.
      console: (text) => text.split(/\n(?=\d{4}-\d\d-\d\d )/).forEach(onLine),
    }),
    executors: { git, compose, engine, files, locks: fakeLocks(), clock: fakeClock() },
  })
  return { server, calls: () => git.calls.length + compose.calls.length }
}
