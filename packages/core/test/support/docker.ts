import { runCommand } from '../../src/executors/process.ts'

let serial = 0

/** A Compose project's name that nobody else uses. */
export function newProject(): string {
  return `fairwaycore${process.pid}x${serial++}`
}

export async function docker(...args: readonly string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const { exitCode, stdout, stderr } = await runCommand({
    command: 'docker',
    args,
    environment: { PATH, HOME },
  })
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} exited with ${exitCode}: ${stderr || stdout}`)
  return stdout.trim()
}

/** Starts a container of a project without Compose; `options` are those of `docker run`. */
export function runContainer(
  project: string,
  service: string,
  script: string,
  ...options: readonly string[]
): Promise<string> {
  const given = ['--init', ...labels(project, service), ...options]
  return docker('run', '--detach', ...given, 'local/busybox:latest', 'sh', '-c', script)
}

/** Makes one that is not started; `options` are those of `docker create`. */
export function createContainer(
  project: string,
  service: string,
  ...options: readonly string[]
): Promise<string> {
  return docker('create', ...labels(project, service), ...options, 'local/busybox:latest', 'true')
}

function labels(project: string, service: string): readonly string[] {
  const given = { project, service, oneoff: 'False' }
  return Object.entries(given).flatMap(([name, value]) => ['--label', `com.docker.compose.${name}=${value}`])
}

export async function removeContainers(project: string): Promise<void> {
  const ids = await docker(
    'ps',
    '--all',
    '--quiet',
    '--filter',
    `label=com.docker.compose.project=${project}`,
  )
  if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n'))
}
