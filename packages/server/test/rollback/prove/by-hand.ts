import { rename } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { run } from '../../../../../scripts/lib/run.ts'
import { sqliteJournal } from '../../../src/index.ts'
import type { Work } from './in-lanes.ts'
import { deployGood } from './open-world.ts'
import type { ServedWorld } from './served-world.ts'
import { untruths } from './truth.ts'

export interface ByHandFacts {
  /** Milliseconds that the command took, as the person who asked saw it. */
  readonly commandMs: readonly number[]
  /** Of its deployment, from being asked for to its end. */
  readonly deploymentMs: readonly number[]
  /** The same without the gate: Fairway's and Compose's part. */
  readonly ownMs: readonly number[]
}

const main = fileURLToPath(new URL('../../../../cli/src/main.ts', import.meta.url))

/** Goes back and forth between two versions with `fairway rollback` while the remote is gone. */
export function rollbacksByHand(rounds: number): Work<ByHandFacts> {
  return {
    name: 'rollback by hand',
    async run(world, wrong) {
      const versions = [await deployGood(world), await deployGood(world)]
      const images = new Map<string, string>([[versions[1]?.page ?? '', await runningImages(world)]])
      await rename(world.origin.url, `${world.origin.url}.away`)
      const commandMs: number[] = []
      const deploymentMs: number[] = []
      const ownMs: number[] = []
      for (let round = 0; round < rounds; round++) {
        const to = versions[round % 2]
        if (!to) break
        const since = performance.now()
        const printed = await rollback(world, to.commit)
        commandMs.push(Math.round(performance.now() - since))
        const { steps, status, reason, plan, createdAt, endedAt } = await newest(world.dataDir)
        if (status !== 'success') wrong(`it ended as ${status}: ${String(reason)}\n${printed}`)
        const builds = plan?.services.filter(({ action }) => action === 'build') ?? []
        if (builds.length > 0) wrong(`it was planned to build ${builds.map(({ service }) => service).join()}`)
        const own = steps.filter(({ name }) => name !== 'waitHealthy')
        ownMs.push(Math.round(own.reduce((sum, step) => sum + step.durationMs, 0)))
        deploymentMs.push(Date.parse(endedAt ?? '') - Date.parse(createdAt))
        for (const what of await untruths(world, to)) wrong(what)
        const known = images.get(to.page)
        const now = await runningImages(world)
        if (known !== undefined && known !== now) wrong(`other images run than did: ${known}, now ${now}`)
        images.set(to.page, now)
      }
      await rename(`${world.origin.url}.away`, world.origin.url)
      return { commandMs, deploymentMs, ownMs }
    },
  }
}

/** As a person does, beside the server that runs. */
export async function rollback({ folder, name }: ServedWorld, to: string): Promise<string> {
  const args = ['--conditions=@fairway/source', main, 'rollback', name, '--to', to]
  return run(process.execPath, args, { directory: folder })
}

async function newest(directory: string) {
  const journal = sqliteJournal({ directory })
  try {
    const [deployment] = await journal.deployments({ limit: 1 })
    if (!deployment) throw new Error('The journal has no deployment')
    return deployment
  } finally {
    await journal.close()
  }
}

async function runningImages({ project }: ServedWorld): Promise<string> {
  const label = `label=com.docker.compose.project=${project}`
  const ids = (await run('docker', ['ps', '--quiet', '--filter', label])).trim().split('\n')
  const images = await run('docker', ['inspect', '--format', '{{.Image}}', ...ids])
  return images.trim().split('\n').toSorted().join(' ')
}
