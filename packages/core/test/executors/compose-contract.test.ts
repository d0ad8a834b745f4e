import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { composeContract } from '../../src/testing/compose-contract.ts'
import { fakeWorld } from '../../src/testing/fake-world.ts'
import { docker, newProject } from '../support/docker.ts'

function project(name: string, directory: string): Project {
  return {
    name,
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
}

const composeFile = `services:
  web:
    build: ./web
    init: true
    command: ["sleep", "1000"]
  db:
    image: local/busybox:latest
    init: true
    command: ["sleep", "1000"]
`

describe('the Compose of fakeWorld', () => {
  test.for(
    composeContract(() => {
      const { compose, engine, git } = fakeWorld({ path: '/srv/shop' })
      git.commit('refs/heads/main', { 'compose.yaml': composeFile, 'web/Dockerfile': 'FROM scratch\n' })
      git.checkOut('/srv/shop')
      return {
        compose,
        project: project('shop', '/srv/shop'),
        spoil: () => git.write('/srv/shop', 'compose.yaml', 'services: ['),
        ask: (variable) => compose.unset(variable),
        running: () => engine.shown('shop').map(({ service }) => service),
        state: (wanted) =>
          engine
            .shown('shop')
            .filter(({ service }) => service === wanted)
            .map(({ id, startedAt }) => `${id} ${startedAt}`)
            .join(),
      }
    }),
  )('$name', ({ run }) => run())
})

describe('composeCli', () => {
  test.for(
    composeContract(async () => {
      const directory = await mkdtemp(join(tmpdir(), 'fairway-compose-'))
      const name = newProject()
      await mkdir(join(directory, 'web'))
      await writeFile(join(directory, 'web', 'Dockerfile'), 'FROM local/busybox:latest\n')
      await writeFile(join(directory, 'compose.yaml'), composeFile)
      return {
        compose: composeCli(),
        project: project(name, directory),
        ask: (variable) =>
          writeFile(
            join(directory, 'compose.yaml'),
            `${composeFile}    labels: ["$${variable}", "$${variable}"]\n`,
          ),
        spoil: () => writeFile(join(directory, 'compose.yaml'), 'services: ['),
        async running() {
          const format = '{{.Label "com.docker.compose.service"}}'
          const listed = await docker(
            'ps',
            '--filter',
            `label=com.docker.compose.project=${name}`,
            '--format',
            format,
          )
          return listed.split('\n').filter(Boolean)
        },
        async state(service) {
          const labels = { project: name, service }
          const filters = Object.entries(labels).flatMap(([key, value]) => [
            '--filter',
            `label=com.docker.compose.${key}=${value}`,
          ])
          const ids = (await docker('ps', '--all', '--quiet', ...filters)).split('\n')
          return docker('inspect', '--format', '{{.Id}} {{.State.StartedAt}}', ...ids)
        },
        async cleanup() {
          await writeFile(join(directory, 'compose.yaml'), composeFile)
          await docker(
            'compose',
            '-p',
            name,
            '-f',
            join(directory, 'compose.yaml'),
            'down',
            '-v',
            '-t',
            '0',
            '--rmi',
            'local',
          )
          await rm(directory, { recursive: true, force: true })
        },
      }
    }),
  )('$name', ({ run }) => run())
})
