import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from '../../../../../scripts/lib/run.ts'
import { type PrivateEngine, privateEngine } from '../../../../core/test/support/private-engine.ts'
import { makeWorld, type World, type WorldOptions } from './world.ts'

/** A world whose app runs on an engine of its own, which may die and whose disk may be full. */
export interface OwnEngine {
  readonly world: World
  readonly engine: PrivateEngine
  start(): void
  /** What runs at this moment serves; undefined where nothing does. */
  served(): Promise<string | undefined>
  /** Waits until it is served. */
  serves(text: string): Promise<void>
  close(): Promise<void>
}

/** One service; how many megabytes its image has stands in `web/megabytes`. There is no network to publish a port on. */
const files = {
  'compose.yaml': `services:
  web:
    build: { context: ./web, network: none }
    network_mode: none
    stop_grace_period: 3s
`,
  'web/Dockerfile': `FROM local/busybox:latest
COPY megabytes /
RUN dd if=/dev/zero of=/content bs=1M count="$(cat /megabytes)"
COPY index.html /www/
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
`,
  'web/megabytes': '1\n',
}

export async function ownEngine(options: WorldOptions = {}): Promise<OwnEngine> {
  const engine = await privateEngine()
  await engine.start()
  await loadBusybox(engine)
  const world = await makeWorld(options)
  await world.change({}, files)
  const served = async (): Promise<string | undefined> => {
    try {
      return await engine.docker('exec', `${world.project}-web-1`, 'wget', '-qO-', 'http://127.0.0.1:8080/')
    } catch {
      return undefined
    }
  }
  return {
    world,
    engine,
    start: () => void world.start({ environment: engine.environment }),
    served,
    async serves(text) {
      for (const end = performance.now() + 90_000; performance.now() < end; await delay(200)) {
        if ((await served()) === text) return
      }
      throw new Error(`${text} was not served:\n${world.server.lines.join('\n')}`)
    },
    async close() {
      await world.close()
      await engine.close()
    },
  }
}

async function loadBusybox(engine: PrivateEngine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-image-'))
  await run('docker', ['save', '--output', join(folder, 'busybox'), 'local/busybox:latest'])
  await engine.docker('load', '--quiet', '--input', join(folder, 'busybox'))
  await rm(folder, { recursive: true })
}
