import { stat, statfs } from 'node:fs/promises'
import { type Environment, runCommand } from '@fairway/core'
import type { Config } from '@fairway/server'
import { blocks, type Finding, ok, warning } from './finding.ts'
import { nearest } from './nearest.ts'

const gigabyte = 1024 ** 3

/** The room for data, checkouts and images, once for each file system. */
export async function checkDisk(
  { server, apps }: Config,
  environment: Environment,
): Promise<readonly Finding[]> {
  const images = await dockerRoot(environment)
  const wanted = [server.dataDir, ...apps.map(({ path }) => path), ...(images === undefined ? [] : [images])]
  const systems = new Map<number, string[]>()
  for (const path of wanted) {
    const device = (await stat(await nearest(path))).dev
    systems.set(device, [...(systems.get(device) ?? []), path])
  }
  return Promise.all([...systems.values()].map(judge))
}

async function judge(paths: readonly string[]): Promise<Finding> {
  const [first = '/'] = paths
  const { bavail, bsize, files, ffree } = await statfs(await nearest(first))
  const free = bavail * bsize
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : ''
  const message = `${(free / gigabyte).toFixed(1)} GB are free for ${paths.slice(0, 3).join(', ')}${more}`
  const fix =
    'See what takes it: docker system df; then docker image prune, docker builder prune, or a larger disk'
  if (free < 0.1 * gigabyte) return blocks('disk', message, fix)
  if (free < 2 * gigabyte) return warning('disk', message, fix)
  // File systems without a table of them say 0.
  if (files > 0 && ffree < files / 100) {
    return warning(
      'disk',
      `${ffree} files can still be made for ${first}: the disk has no room for more`,
      fix,
    )
  }
  return ok('disk', message)
}

/** Where the engine keeps images; undefined where it doesn't say, or is elsewhere. */
async function dockerRoot(environment: Environment): Promise<string | undefined> {
  const { PATH, HOME, DOCKER_HOST = '', DOCKER_CONTEXT = '' } = environment
  if (!/^(unix:\/\/.*)?$/.test(DOCKER_HOST) || DOCKER_CONTEXT !== '') return undefined
  try {
    const { exitCode, stdout } = await runCommand({
      command: 'docker',
      args: ['info', '--format', '{{.DockerRootDir}}'],
      environment: { PATH, HOME, DOCKER_HOST: DOCKER_HOST || undefined },
      timeout: 10_000,
    })
    return exitCode === 0 && stdout.startsWith('/') ? stdout.trim() : undefined
  } catch {
    // What is wrong with docker, its own check tells.
    return undefined
  }
}
