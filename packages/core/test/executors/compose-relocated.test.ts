import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import type { Relocation } from '../../src/decisions/relocation.ts'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { docker, newProject, removeContainers } from '../support/docker.ts'

const file = `services:
  web:
    build: { context: ./web, dockerfile: prod/Dockerfile, additional_contexts: { lib: ./lib } }
    environment: { AT: "\${PLACE:-nowhere}", WORD: "a$$b" }
    volumes: ["./data:/data", "./web/nginx.conf:/nginx.conf:ro"]
    secrets: [token]
  db:
    image: local/busybox:latest
    command: sleep 1000
    env_file: [db.env]
    volumes: ["./data:/data"]
    init: true
    stop_grace_period: 0s
  plain:
    image: local/busybox:latest
    command: sleep 1000
    init: true
    stop_grace_period: 0s
secrets: { token: { file: ./token.txt } }
`

interface World {
  readonly project: Project
  readonly relocation: Relocation
  /** Writes a file where the checkout's files lie meanwhile. */
  readonly change: (name: string, text: string) => void
}

/** A checkout with an untracked `.env`, and a folder with its other files and a link to that one. */
function world(name = 'moved'): World {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-relocated-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const [path, folder] = [join(directory, 'a "quoted" checkout'), join(directory, 'folder')]
  mkdirSync(path)
  for (const [at, text] of Object.entries({ 'compose.yaml': file, 'db.env': 'KEY=1\n', 'token.txt': 'x' })) {
    writeFileSync(join(path, at), text)
  }
  cpSync(path, folder, { recursive: true })
  writeFileSync(join(path, '.env'), 'PLACE=here\n')
  symlinkSync(join(path, '.env'), join(folder, '.env'))
  const project = {
    name,
    directory: path,
    files: [join(path, 'compose.yaml')],
    envFiles: [join(path, '.env')],
    profiles: [],
    environment: {},
  }
  const relocation = { path, realPath: path, folder, beside: new Set(['.env']) }
  return { project, relocation, change: (at, text) => writeFileSync(join(folder, at), text) }
}

const compose = composeCli()

test('what is read elsewhere is told as if it had been read in the checkout', async () => {
  const { project, relocation } = world()
  const here = await compose.services(project)
  expect(await compose.services(project, { relocation })).toStrictEqual(here)
  expect(here.find(({ name }) => name === 'web')?.build?.context).toBe(join(project.directory, 'web'))
})

test('what stands there counts, not what stands in the checkout', async () => {
  const { project, relocation, change } = world()
  change('compose.yaml', 'services: { other: { build: ./new } }\n')
  const [service] = await compose.services(project, { relocation })
  expect(service).toMatchObject({ name: 'other', build: { context: join(project.directory, 'new') } })
})

test('a refusal names the checkout', async () => {
  const { project, relocation, change } = world()
  change('compose.yaml', 'services: { web: { env_file: [gone.env], image: x } }\n')
  const refused = await compose.services(project, { relocation }).catch((error: unknown) => String(error))
  expect(refused).toContain(join(project.directory, 'gone.env'))
  expect(refused).not.toContain(relocation.folder)
})

test('Compose compares containers as if the files lay in the checkout', async () => {
  const name = newProject()
  onTestFinished(async () => {
    await removeContainers(name)
    await docker('network', 'rm', '--force', `${name}_default`)
  })
  const { project, relocation, change } = world(name)
  const services = ['db', 'plain']
  await compose.up(project, { timeout: 60_000, services })
  expect(await compose.wouldTouch(project, services, { relocation })).toEqual([])
  change('db.env', 'KEY=2\n')
  expect(await compose.wouldTouch(project, services, { relocation })).toEqual(['db'])
  expect(await compose.wouldTouch(project, services)).toEqual([])
})
