import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { engineContract, type ContainerBehaviour } from '../../src/testing/engine-contract.ts'
import { createContainer, docker, newProject, removeContainers, runContainer } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

describe('with the real engine', () => {
  const engine = dockerEngine()
  let project: string
  const find = async (service: string) =>
    (await engine.containers(project)).find((container) => container.service === service)
  beforeEach(() => {
    project = newProject()
  })
  const folders: string[] = []
  afterEach(async () => {
    await removeContainers(project)
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    const images = await docker('images', '--quiet', '--filter', `label=fairway.app=${project}`)
    if (images !== '') await docker('rmi', '--force', ...new Set(images.split('\n')))
  })

  async function start(service: string, behaviour: ContainerBehaviour): Promise<void> {
    const { name, health, exitCode, restartPolicy = 'no' } = behaviour
    const check = ['--health-cmd', health === 'healthy' ? 'true' : 'false', '--health-retries', '1']
    const options = health === undefined ? [] : [...check, '--health-interval', '200ms']
    const named = name === undefined ? [] : ['--name', name]
    const all = ['--restart', restartPolicy, ...named, ...options]
    const id = await runContainer(project, service, script(behaviour), ...all)
    if (exitCode !== undefined) await docker('wait', id)
    if (health !== undefined) {
      await expect.poll(() => find(service), { timeout: 20_000 }).toMatchObject({ health })
    }
  }

  test.for(
    engineContract(() => ({
      engine,
      project,
      start,
      build(content, beyond) {
        const context = mkdtempSync(join(tmpdir(), 'fairway-engine-'))
        folders.push(context)
        const from = beyond ? 'local/nothere:1' : 'local/busybox:latest'
        writeFiles(context, { Dockerfile: `FROM ${from}\nCOPY . /app\n`, content: `${project} ${content}` })
        const build = { context, additionalContexts: [], digest: content, section: { context } }
        return { service: 'web', build }
      },
      create: async (service, name) => void (await createContainer(project, service, '--name', name)),
      remove: async (service) => void (await docker('rm', '--force', (await find(service))?.id ?? '')),
    })),
  )('$name', ({ run }) => run())

  test('leaves one-off containers out', async () => {
    await runContainer(project, 'web', 'sleep 1000')
    // The later of two labels of one name is the one that counts.
    await runContainer(project, 'shell', 'sleep 1000', '--label', 'com.docker.compose.oneoff=True')
    expect((await engine.containers(project)).map(({ service }) => service)).toEqual(['web'])
  })

  test('counts restarts', async () => {
    await runContainer(project, 'web', 'exit 1', '--restart', 'always')
    await expect
      .poll(async () => (await find('web'))?.restartCount, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(2)
    expect(await find('web')).toMatchObject({ restartPolicy: 'always' })
  })

  test('shows that a port is published, also after the end', async () => {
    const id = await runContainer(project, 'web', 'exit 0', '--publish', '127.0.0.1::8080')
    await docker('wait', id)
    expect(await find('web')).toMatchObject({ publishesPort: true, state: 'exited', exitCode: 0 })
  })

  test('shows the digest of its configuration, its addresses, and what its healthcheck said', async () => {
    const check = 'echo tried; echo it is late >&2; false'
    await runContainer(
      project,
      'web',
      'sleep 1000',
      '--label=com.docker.compose.config-hash=abc',
      `--health-cmd=${check}`,
      '--health-interval=200ms',
      '--health-retries=1',
    )
    await expect.poll(() => find('web'), { timeout: 20_000 }).toMatchObject({ health: 'unhealthy' })
    expect(await find('web')).toMatchObject({
      configHash: 'abc',
      addresses: [expect.stringMatching(/^172\.\d+\.\d+\.\d+$/)],
      healthOutput: expect.stringContaining('it is late') as string,
    })
  })

  test('removes one with its own signal and patience, and leaves its volume there', async () => {
    const volume = `${project}data`
    await runContainer(
      project,
      'web',
      'trap "echo said goodbye > /data/last; exit" USR1; while true; do sleep 0.1; done',
      '--stop-signal=SIGUSR1',
      '--stop-timeout=9',
      `--volume=${volume}:/data`,
      '--volume=/anonymous',
    )
    const { id = '' } = (await find('web')) ?? {}
    const mounts = '{{range .Mounts}}{{.Name}} {{end}}'
    const volumes = (await docker('inspect', '--format', mounts, id)).split(' ')
    try {
      await engine.removeContainers([id])
      expect(await find('web')).toBeUndefined()
      const said = await docker(
        'run',
        '--rm',
        '--volume',
        `${volume}:/data`,
        'local/busybox:latest',
        'cat',
        '/data/last',
      )
      expect(said).toBe('said goodbye')
      expect(volumes).toHaveLength(2)
    } finally {
      // Both are there to be removed.
      await docker('volume', 'rm', ...volumes)
    }
  })

  test('waits longer than for an answer for one that takes its time to stop', async () => {
    const hasty = dockerEngine({ timeout: 1_000 })
    const id = await runContainer(
      project,
      'web',
      'trap "sleep 2; exit" TERM; while true; do sleep 0.1; done',
      '--stop-timeout=20',
    )
    await hasty.removeContainers([id])
    expect(await find('web')).toBeUndefined()
  })

  test('shows one that was made and never started, which wrote nothing', async () => {
    const id = await createContainer(project, 'web')
    expect(await engine.containers(project)).toMatchObject([{ state: 'created', service: 'web' }])
    expect(await engine.logs(id, 5)).toEqual([])
  })

  test.each([
    ['text', 'echo hello', 'hello'],
    ['one JSON value', `echo '{"level":"fatal"}'`, '{"level":"fatal"}'],
  ])('gives what was written to a terminal: %s', async (_, command, line) => {
    const id = await runContainer(project, 'tty', command, '--tty')
    await docker('wait', id)
    expect(await engine.logs(id, 5)).toEqual([line])
  })

  test('a log that the engine does not keep is said in words', async () => {
    const id = await runContainer(project, 'web', 'echo hello', '--log-driver', 'none')
    await expect(engine.logs(id, 5)).rejects.toMatchObject({
      code: 'docker_unavailable',
      message: expect.stringMatching(/^The Docker engine refuses: .*log/) as string,
    })
  })
})

function script({ lines = [], exitCode }: ContainerBehaviour): string {
  const echo = lines.map((line, index) => `echo '${line}'${index % 2 === 0 ? '' : ' >&2'}`)
  // Docker reads the two streams apart from each other: only a pause keeps what is written to them in order.
  const paused = echo.flatMap((command) => [command, 'sleep 0.1'])
  return [...paused, exitCode === undefined ? 'sleep 1000' : `exit ${exitCode}`].join('; ')
}
