import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { composeProgram, pluginFolders } from '../../src/executors/compose-program.ts'
import { docker, newProject } from '../support/docker.ts'

let directory: string
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-program-')))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function program(path: string, script = 'exit 0', mode = 0o755): string {
  const file = join(directory, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode })
  return file
}

describe('is the plugin, where docker would find it:', () => {
  const find = (environment: Readonly<Record<string, string>> = {}) =>
    composeProgram({ HOME: directory, ...environment }, [join(directory, 'system')])

  test("the user's own before the system's, and folders that the configuration names before both", async () => {
    const system = program('system/docker-compose')
    expect(await find()).toEqual([system])
    const own = program('.docker/cli-plugins/docker-compose')
    expect(await find()).toEqual([own])
    const named = program('named/docker-compose')
    writeFileSync(
      join(directory, '.docker/config.json'),
      JSON.stringify({ cliPluginsExtraDirs: [join(directory, 'named')] }),
    )
    expect(await find()).toEqual([named])
    expect(await find({ DOCKER_CONFIG: join(directory, 'elsewhere') })).toEqual([system])
  })

  test('docker itself where there is none that can be started', async () => {
    program('system/docker-compose', 'exit 0', 0o644)
    mkdirSync(join(directory, '.docker'))
    writeFileSync(join(directory, '.docker/config.json'), 'no JSON')
    expect(await find()).toEqual(['docker', 'compose'])
  })

  test('the one of this machine is the one that docker names', async () => {
    const told: unknown = JSON.parse(await docker('info', '--format', '{{json .ClientInfo.Plugins}}'))
    const { PATH = '', HOME = '' } = process.env
    expect(told).toContainEqual(
      expect.objectContaining({
        Name: 'compose',
        Path: (await composeProgram({ PATH, HOME }, pluginFolders))[0],
      }),
    )
  })
})

describe('started by itself or by docker, the same', () => {
  const ways = [{ how: 'by itself' }, { how: 'by docker', pluginFolders: [] }]
  let project: Project
  beforeEach(() => {
    project = {
      name: newProject(),
      directory,
      files: [join(directory, 'compose.yaml')],
      envFiles: [join(directory, 'a.env')],
      profiles: [],
      environment: {},
    }
    writeFileSync(join(directory, 'a.env'), 'NAME=from the env file\n')
    writeFileSync(
      join(directory, 'compose.yaml'),
      'services: { web: { image: "local/busybox:latest", build: { context: ".", args: { NAME: "${NAME}", P: "${COMPOSE_PROJECT_NAME}" } } } }',
    )
  })

  test.each(ways)('project, env file and arguments: $how', async ({ pluginFolders: folders }) => {
    const compose = composeCli(folders ? { pluginFolders: folders } : {})
    const [web] = await compose.services(project)
    expect(web?.build?.section).toMatchObject({ args: { NAME: 'from the env file', P: project.name } })
  })

  test.each(ways)(
    'DOCKER_HOST, DOCKER_CONTEXT and the current context: $how',
    async ({ pluginFolders: folders }) => {
      const socket = `unix://${directory}/none.sock`
      const config = join(directory, 'config')
      const { PATH = '' } = process.env
      const settings = { PATH, HOME: directory, DOCKER_CONFIG: config }
      const up = (environment: Readonly<Record<string, string>>): Promise<void> =>
        composeCli({
          environment: { ...settings, ...environment },
          ...(folders ? { pluginFolders: folders } : {}),
        }).up(project, { timeout: 60_000, services: ['web'] })
      const unreachable = { code: 'docker_unavailable' }
      await expect(up({ DOCKER_HOST: socket })).rejects.toMatchObject(unreachable)
      await docker('--config', config, 'context', 'create', 'nowhere', '--docker', `host=${socket}`)
      await expect(up({ DOCKER_CONTEXT: 'nowhere' })).rejects.toMatchObject(unreachable)
      await docker('--config', config, 'context', 'use', 'nowhere')
      await expect(up({})).rejects.toMatchObject(unreachable)
      // Back to the engine that is there.
      await up({ DOCKER_CONTEXT: 'default' })
      await docker('compose', '-p', project.name, 'down', '-t', '0')
    },
  )

  test('also where Fairway itself was started by docker', async () => {
    const environment = { ...process.env, DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker' }
    expect(await composeCli({ environment }).services(project)).toHaveLength(1)
  })
})
