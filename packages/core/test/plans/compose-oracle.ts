import { mkdirSync } from 'node:fs'
import type { AppOptions } from '../../src/domain/app.ts'
import type { Action } from '../../src/domain/plan.ts'
import { runCommand } from '../../src/executors/process.ts'
import { docker } from '../support/docker.ts'
import { plannedDeploy } from '../support/planned-deploy.ts'
import { type Files, writeFiles } from '../support/repository.ts'

export interface Story {
  readonly before: Files
  /** What the push changes. */
  readonly after: Files
  /** The app's own Compose files and profiles, and the same as flags of `docker compose`. */
  readonly app?: Partial<AppOptions>
  readonly flags?: readonly string[]
}

/** What a push does by plan and by Compose itself. */
export interface Told {
  /** Actions of the services that aren't kept. */
  readonly plan: Readonly<Record<string, Action>>
  /** Services that Compose would touch, sorted. */
  readonly compose: readonly string[]
  /** Those that Compose would still touch once the plan is carried out. */
  readonly left: readonly string[]
}

/** Asks Compose's dry run before and after a push is deployed: right where nothing is to be built. */
export async function askDryRun({ before, after, app = {}, flags = [] }: Story): Promise<Told> {
  const shop = plannedDeploy()
  const dryRun = async (): Promise<readonly string[]> => {
    const words = ['compose', '--project-name', shop.project, ...flags, 'up', '--detach', '--dry-run']
    return touchedIn((await inFolder(shop.path, words)).stderr, shop.project)
  }
  const succeed = async (): Promise<void> => {
    const { outcome, log } = await shop.deploy(app)
    if (outcome.status !== 'success') {
      const why = outcome.status === 'failure' ? String(outcome.error) : 'skipped'
      throw new Error([...log, why].join('\n'))
    }
  }
  try {
    shop.origin.commit(before)
    await succeed()
    shop.origin.commit(after)
    const plan = acting(await shop.plan(app))
    const compose = await dryRun()
    await succeed()
    return { plan, compose, left: await dryRun() }
  } finally {
    await shop.close()
  }
}

/** Has Compose itself build and bring up a copy before and after a push: for what its dry run can't tell. */
export async function askCopy({ before, after, app = {}, flags = [] }: Story): Promise<Told> {
  const shop = plannedDeploy()
  const [project, copy] = [`${shop.project}copy`, `${shop.path}-copy`]
  const up = async (files: Files): Promise<ReadonlyMap<string, string>> => {
    writeFiles(copy, files)
    await inFolder(copy, ['compose', '--project-name', project, ...flags, 'up', '--detach', '--build'])
    return new Map(Object.entries(await shop.containers(project)))
  }
  try {
    mkdirSync(copy, { recursive: true })
    const then = await up(before)
    const now = await up(after)
    shop.origin.commit(before)
    await shop.deploy(app)
    shop.origin.commit(after)
    const plan = acting(await shop.plan(app))
    const names = [...new Set([...then.keys(), ...now.keys()])]
    return { plan, compose: names.filter((name) => then.get(name) !== now.get(name)).toSorted(), left: [] }
  } finally {
    await docker(
      'compose',
      '--project-name',
      project,
      'down',
      '--volumes',
      '--timeout',
      '0',
      '--rmi',
      'local',
    )
    const images = await docker('images', '--quiet', '--filter', `reference=${project}-*`)
    if (images !== '') await docker('rmi', '--force', ...new Set(images.split('\n')))
    await shop.close()
  }
}

async function inFolder(directory: string, args: readonly string[]): Promise<{ readonly stderr: string }> {
  const { PATH = '', HOME = '' } = process.env
  const result = await runCommand({ command: 'docker', args, directory, environment: { PATH, HOME } })
  if (result.exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr}`)
  return result
}

/** Services of the containers that are created, recreated, started, restarted or stopped. */
function touchedIn(stderr: string, project: string): readonly string[] {
  const lines = stderr.matchAll(/DRY-RUN MODE -\s+Container (?:[0-9a-f]{12}_)?(\S+)\s+(\w+)/g)
  const touched = [...lines].filter(([, , doing = '']) => /^(?:Re)?(?:creat|start)|^Stop|^Remov/i.test(doing))
  const names = touched.map(([, name = '']) => name.replace(`${project}-`, '').replace(/-\d+$/, ''))
  return [...new Set(names)].toSorted()
}

function acting(actions: Readonly<Record<string, Action>>): Readonly<Record<string, Action>> {
  return Object.fromEntries(Object.entries(actions).filter(([, action]) => action !== 'keep'))
}
