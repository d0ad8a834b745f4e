import { run } from '../../../../../scripts/lib/run.ts'
import { leftovers, served } from '../../faults/support/app.ts'
import type { ServedWorld } from './served-world.ts'

/** What isn't as it must be where a version of that page and commit serves and nothing else is there; empty where it is. */
export async function untruths(
  world: ServedWorld,
  { page, commit }: { readonly page: string; readonly commit: string },
): Promise<readonly string[]> {
  const [web, api] = await Promise.all([served(world.ports.web), served(world.ports.api)])
  const mounted = await inside(world, 'web', 'cat', '/site/index.html', '/one.txt')
  const worker = await inside(world, 'worker', 'sh', '-c', 'echo "$VERSION"')
  const [head, deployed] = await Promise.all(
    ['HEAD', `refs/fairway/deployed/${world.name}`].map((ref) => world.git('rev-parse', ref)),
  )
  const [running, edits, left] = await Promise.all([
    services(world.project),
    world.git('status', '--porcelain'),
    leftovers(world.project),
  ])
  const is = (what: string, found: string | undefined, wanted: string): readonly string[] =>
    found === wanted ? [] : [`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`]
  return [
    ...is('what web serves', web, page),
    ...is('what api serves', api, page),
    ...is('what web mounts', mounted, `${page}\n${page}`),
    ...is('the version of worker', worker, page),
    ...is("the checkout's HEAD", head, commit),
    ...is('the commit recorded as deployed', deployed, commit),
    ...is('what runs', running.join(' '), 'api web worker'),
    ...is('what git calls changed', edits, ''),
    ...left.map((name) => `the container ${name} is left over`),
  ]
}

/** What a command in the running container of a service prints; undefined where it can't be run. */
async function inside(
  { project }: ServedWorld,
  service: string,
  ...command: readonly string[]
): Promise<string | undefined> {
  try {
    const ids = await run('docker', ['ps', '--quiet', ...of(project), ...label('service', service)])
    const [id = ''] = ids.trim().split('\n')
    return (await run('docker', ['exec', id, ...command])).trim()
  } catch {
    return undefined
  }
}

/** Ids of all containers, running or not. */
export async function containersOf(project: string): Promise<readonly string[]> {
  const listed = await run('docker', ['ps', '--all', '--quiet', '--no-trunc', ...of(project)])
  return listed.split('\n').filter((id) => id !== '')
}

/** Names of the services whose containers run. */
async function services(project: string): Promise<readonly string[]> {
  const format = '{{.Label "com.docker.compose.service"}}'
  const listed = await run('docker', ['ps', ...of(project), '--format', format])
  return listed.trim().split('\n').toSorted()
}

function of(project: string): readonly string[] {
  return label('project', project)
}

function label(name: string, value: string): readonly string[] {
  return ['--filter', `label=com.docker.compose.${name}=${value}`]
}
