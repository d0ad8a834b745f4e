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
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

/** Starts a container of a project without Compose; `options` are those of `docker run`. */
export function runContainer(
  project: string,
  service: string,
  script: string,
  ...options: readonly string[]
): Promise<string> {
  const labels = [
    `com.docker.compose.project=${project}`,
    `com.docker.compose.service=${service}`,
    'com.docker.compose.oneoff=False',
  ]
  const given = labels.flatMap((label) => ['--label', label])
  return docker('run', '--detach', '--init', ...given, ...options, 'local/busybox:latest', 'sh', '-c', script)
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
