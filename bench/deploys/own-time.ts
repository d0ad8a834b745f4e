// Fairway's own time in a deploy, all but git, Compose, the engine and waiting, with the journal and the log that a server has:
// `node --conditions=@fairway/source bench/deploys/own-time.ts [--rounds 7] [--services 3,12] [--json FILE]`.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  deploymentLogs,
  deployPipeline,
  type Journal,
  loadConfig,
  realExecutors,
  runDeployment,
  sqliteJournal,
} from '../../packages/server/src/index.ts'
import { type Playground, playground } from '../../packages/core/test/support/repository.ts'
import { spread } from '../spread.ts'
import { configurationOf, removeProject } from './fairway.ts'
import { type InFlight, type OwnTime, watchExecutors } from './in-flight.ts'
import {
  benchPorts,
  type Change,
  first,
  newConfiguration,
  newSource,
  nothingRelevant,
  projectFiles,
} from './project.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    services: { type: 'string', default: '3,12' },
    json: { type: 'string' },
  },
})

interface Row {
  readonly services: number
  readonly work: string
  readonly own: number
  readonly share: number
  readonly all: number
  readonly cpu: number
}

/** What has to be reached: milliseconds, and of the whole time. */
const [mostTime, mostShare] = [50, 0.03]

const rows: Row[] = []
for (const size of values.services.split(',').map(Number)) {
  const ground = playground()
  try {
    rows.push(...(await measure(ground, size)))
  } finally {
    ground.remove()
  }
}
console.log(toTable(rows))
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
const missed = rows.filter(({ own, share }) => own > mostTime || share > mostShare)
for (const { work, services, own, share } of missed) {
  console.error(
    `${work}, ${services} services: ${own.toFixed(0)} ms and ${(share * 100).toFixed(1)} %, 50 ms and 3 % wanted`,
  )
}
process.exitCode = missed.length > 0 ? 1 : 0

async function measure(ground: Playground, size: number): Promise<readonly Row[]> {
  const firstPort = benchPorts
  const origin = ground.origin('origin')
  origin.commit(projectFiles(size, firstPort))
  const name = `benchown${size}x${process.pid}`
  const file = ground.path('fairway.yaml')
  await writeFile(file, configurationOf(ground, [{ name, origin, firstPort }]))
  const environment = { ...process.env, ...ground.environment, FAIRWAY_LOCKS: ground.path('locks') }
  const watched = watchExecutors(realExecutors(environment))
  const config = await loadConfig({ file, directory: ground.directory, environment })
  const journal = sqliteJournal({ directory: config.server.dataDir })
  const deploy = (): Promise<OwnTime> => deployOnce(name, { watched, journal, config })
  const before = origin.git('show', `main:${first}/index.html`)
  const works: Readonly<Record<string, () => Change>> = {
    'nothing relevant': nothingRelevant,
    'one source': () => newSource(),
    configuration: () => newConfiguration(size, firstPort),
    revert: () => newSource(before),
  }
  try {
    await deploy()
    const found: Row[] = []
    for (const [work, change] of Object.entries(works)) {
      const times: OwnTime[] = []
      for (let round = 0; round < Number(values.rounds); round++) {
        if (work === 'revert') {
          origin.commit(newSource().files)
          await deploy()
        }
        origin.commit(change().files)
        times.push(await deploy())
      }
      const [own, all] = [
        spread(times.map((time) => time.own)).median,
        spread(times.map((time) => time.all)).median,
      ]
      const cpu = spread(times.map((time) => time.cpu)).median
      found.push({
        cpu,
        services: size,
        work,
        own,
        all,
        share: spread(times.map((time) => time.own / time.all)).median,
      })
      console.error(
        `${size} services, ${work}: ${times.map((time) => `${time.own.toFixed(1)}/${time.all.toFixed(0)}`).join(' ')}`,
      )
    }
    return found
  } finally {
    await journal.close()
    await removeProject(ground, name)
  }
}

interface Given {
  readonly watched: InFlight
  readonly journal: Journal
  readonly config: Awaited<ReturnType<typeof loadConfig>>
}

async function deployOnce(name: string, { watched, journal, config }: Given): Promise<OwnTime> {
  const { executors } = watched
  const push = { repository: `acme/${name}`, ref: 'refs/heads/main', pusher: 'bench' }
  const deployment = await journal.request({ app: name, push, claim: true })
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const time = await watched.measure(
    () =>
      runDeployment(
        { deployment, push },
        {
          journal,
          pipeline: (_rollout, watch) =>
            deployPipeline(executors, { wait: true, who: 'bench' }, { push, watch }),
          logs: deploymentLogs({ directory: config.server.dataDir }),
          findApp: async () => config.apps.find((app) => app.name === name),
          log: silent,
        },
      ).done,
  )
  const ended = await journal.deployment(deployment.id)
  if (ended?.status !== 'success')
    throw new Error(`The deployment ended as ${ended?.status}: ${ended?.reason}`)
  return time
}

function toTable(found: readonly Row[]): string {
  const head = ['services', 'work', 'own, ms', 'of all', 'all, ms', 'own CPU, ms']
  const lines = found.map(({ services, work, own, share, all, cpu }) => [
    services,
    work,
    `**${own.toFixed(1)}**`,
    `${(share * 100).toFixed(1)} %`,
    all.toFixed(0),
    cpu.toFixed(1),
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
