import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { composeContract } from '../../src/testing/compose-contract.ts'
import { fakeCompose } from '../../src/testing/fake-compose.ts'
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

describe('fakeCompose', () => {
  test.for(
    composeContract(() => {
      const build = { context: '/srv/shop/web', additionalContexts: [], digest: 'sha256:1' }
      const compose = fakeCompose({
        services: [
          { name: 'web', replicas: 1, build },
          { name: 'db', replicas: 1 },
        ],
      })
      return {
        compose,
        project: project('shop', '/srv/shop'),
        spoil: () => compose.define('invalid'),
        ask: (variable) => compose.unset(variable),
        running: () => compose.running('shop'),
      }
    }),
  )('$name', ({ run }) => run())
})

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
