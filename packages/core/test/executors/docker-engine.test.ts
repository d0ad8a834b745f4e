import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { engineEndpoint } from '../../src/executors/engine-endpoint.ts'
import { engineContract } from '../../src/testing/engine-contract.ts'
import { fakeContainer, fakeEngine } from '../../src/testing/fake-engine.ts'
import { docker, newProject, removeContainers, runContainer } from '../support/docker.ts'

describe('fakeEngine', () => {
  test.for(
    engineContract(() => {
      const engine = fakeEngine()
      return {
        engine,
        project: 'shop',
        start(service, { lines = [], exitCode }) {
          engine.show('shop', [
            fakeContainer({ service, ...(exitCode === undefined ? {} : { state: 'exited', exitCode }) }),
          ])
          engine.write(service, ...lines)
        },
      }
    }),
  )('$name', ({ run }) => run())
})

describe('dockerEngine', () => {
  const engine = dockerEngine()
  let project: string
  beforeEach(() => {
    project = newProject()
  })
  afterEach(() => removeContainers(project))

  test.for(
    engineContract(() => ({
      engine,
      project,
      async start(service, { lines = [], exitCode }) {
        const script = [
          ...lines.map((line) => `echo '${line}'`),
          exitCode === undefined ? 'sleep 1000' : `exit ${exitCode}`,
        ].join('; ')
        const id = await runContainer(project, service, script)
        if (exitCode !== undefined) await docker('wait', id)
      },
    })),
  )('$name', ({ run }) => run())

  test('leaves one-off containers out', async () => {
    const labels = [
      '--label',
      `com.docker.compose.project=${project}`,
      '--label',
      'com.docker.compose.oneoff=True',
    ]
    await docker('run', '--detach', '--init', ...labels, 'local/busybox:latest', 'sleep', '1000')
    expect(await engine.containers(project)).toEqual([])
  })

  test('shows health, restarts, policy and published ports', async () => {
    const health = ['--health-cmd', 'true', '--health-interval', '200ms']
    await runContainer(project, 'healthy', 'sleep 1000', ...health, '--publish', '127.0.0.1::8080')
    await runContainer(project, 'looping', 'exit 1', '--restart', 'always')
    const find = async (service: string) =>
      (await engine.containers(project)).find((container) => container.service === service)
    await expect
      .poll(() => find('healthy'), { timeout: 10_000 })
      .toMatchObject({ health: 'healthy', publishesPort: true })
    await expect
      .poll(async () => (await find('looping'))?.restartCount, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(2)
    expect(await find('looping')).toMatchObject({
      restartPolicy: 'always',
      publishesPort: false,
      exitCode: 1,
    })
  })

  test('gives the lines of a container with a terminal, and of one that never started', async () => {
    const id = await runContainer(project, 'tty', 'echo hello', '--tty')
    await docker('wait', id)
    expect(await engine.logs(id, 5)).toEqual(['hello'])
    const created = await docker(
      'create',
      '--label',
      `com.docker.compose.project=${project}`,
      'local/busybox:latest',
      'true',
    )
    expect(await engine.logs(created, 5)).toEqual([])
  })

  test.each([
    ['no socket', 'unix:///nonexistent/docker.sock', 'there is no socket'],
    ['nobody listening', 'tcp://127.0.0.1:1', 'nothing listens'],
    ['no address', 'nonsense', 'is no address of an engine'],
  ])('%s is said in words, with what to do', async (_, endpoint, said) => {
    const error = await dockerEngine({ endpoint })
      .version()
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'docker_unavailable',
      message: expect.stringContaining(said) as string,
      hint: expect.any(String) as string,
    })
  })

  test('an engine that accepts and never answers ends with the signal', async () => {
    const { createServer } = await import('node:net')
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const mute = dockerEngine({ endpoint: `tcp://127.0.0.1:${port}` })
    await expect(mute.version({ signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout')
    silent.close()
  })
})

test('one engine has one name, whichever way it is reached', async () => {
  const plain = await engineEndpoint({ HOME: '/nonexistent' })
  expect(await engineEndpoint({ DOCKER_HOST: 'unix:///run/docker.sock' })).toBe(plain)
  expect(await engineEndpoint({ DOCKER_HOST: 'unix:///var/run/docker.sock' })).toBe(plain)
  expect(await engineEndpoint({ DOCKER_HOST: 'tcp://10.0.0.1:2375' })).toBe('tcp://10.0.0.1:2375')
})
