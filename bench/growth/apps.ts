import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveApps } from '../../packages/core/src/decisions/resolve-apps.ts'
import { decideCatchUp } from '../../packages/server/src/catch-up/decide-catch-up.ts'
import { loadConfig, sqliteJournal } from '../../packages/server/src/index.ts'
import { spread } from '../spread.ts'

export interface AppsTime {
  readonly apps: number
  /** Milliseconds: reading and checking the configuration; finding the apps of a delivery; what of all of them has to be caught up. */
  readonly load: number
  readonly resolve: number
  readonly catchUp: number
}

/** What many apps in one configuration cost, without git and network. */
export async function appsTime(apps: number, rounds: number): Promise<AppsTime> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-figures-'))
  const journal = sqliteJournal({ directory: join(folder, 'data') })
  try {
    const file = join(folder, 'fairway.yaml')
    await writeFile(file, configuration(apps))
    const load = (): ReturnType<typeof loadConfig> => loadConfig({ file, directory: folder, environment: {} })
    const config = await load()
    const push = { repository: `acme/app${apps - 1}`, ref: 'refs/heads/main', pusher: 'bench' }
    const given = { push, deleted: false, apps: config.apps, ignore: [], signedBy: ['webhook.secrets[0]'] }
    const resolve = (): void => {
      const found = resolveApps(given)
      if (!('apps' in found) || found.apps.length !== 1)
        throw new Error('The app of the delivery was not found')
    }
    const catchUp = async (): Promise<void> => {
      for (const { name } of config.apps) {
        const { ended, everDeployed } = await journal.history(name, tip)
        const none = { underWay: false, failedByOutage: false, dockerCameBack: false }
        const facts = { tip, deployed: tip, ...none, held: false, halfway: false, kept: false }
        if (decideCatchUp({ ...facts, ended, everDeployed }).needed)
          throw new Error(`${name} is deployed already`)
      }
    }
    return {
      apps,
      load: await timeOf(load, rounds),
      resolve: await timeOf(resolve, rounds * 10),
      catchUp: await timeOf(catchUp, rounds),
    }
  } finally {
    await journal.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const tip = '0123456789abcdef0123456789abcdef01234567'

async function timeOf(work: () => unknown, rounds: number): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return spread(times).median
}

function configuration(apps: number): string {
  const sections = Array.from(
    { length: apps },
    (_, at) => `  app${at}:\n    repository: acme/app${at}\n    branch: main\n    path: /srv/app${at}\n`,
  )
  return `webhook:\n  secrets: ['a secret of more than sixteen characters']\napps:\n${sections.join('')}`
}
