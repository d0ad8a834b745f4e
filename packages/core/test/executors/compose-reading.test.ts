import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { trackChildren } from '../../src/run.ts'
import { aliasBomb } from '../support/alias-bomb.ts'
import { newProject } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

// Reading with the real Compose: what it must not be able to do, and what it says.
let directory: string
let project: Project
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-reading-')))
  project = {
    name: newProject(),
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const compose = composeCli()
const write = (files: Readonly<Record<string, string>>): void => writeFiles(directory, files)
const withEnv = (): Project => ({ ...project, envFiles: [join(directory, '.env')] })
const service = (yaml: string): string => `services: { web: ${yaml} }\n`

describe('S18: a bomb of aliases that nobody caught before', () => {
  test.each([
    ['time', { timeout: 1_500, maxMemory: 4 * 1024 ** 3 }, 'did not end within 1.5 s and was stopped'],
    [
      'memory',
      { timeout: 60_000, maxMemory: 150 * 1024 ** 2 },
      'took more than 150 MiB of memory and was stopped',
    ],
  ])('is killed for certain when it takes too much %s', async (_what, reading, reason) => {
    write({ 'compose.yaml': aliasBomb(7) })
    const groups = new Set<number>()
    const children = trackChildren()
    children.watch((running) => running.forEach((group) => groups.add(group)))
    await expect(composeCli({ reading }).services(project, { children })).rejects.toMatchObject({
      code: 'timeout',
      message: `compose.yaml took too much to read: docker compose ${reason}`,
      hint: expect.stringContaining('Nothing was built or started') as string,
    })
    expect(groups.size).toBe(1)
    expect([...groups].filter((pid) => isGroupAlive({ pid }))).toEqual([])
  })
})

test('S19: a Compose file that prints the secret of the webhook gets nothing', async () => {
  const environment = { ...process.env, GITHUB_WEBHOOK_SECRET: 'geheim', FAIRWAY_TOKEN: 'geheim' }
  write({
    'compose.yaml': service(
      '{ build: "./${GITHUB_WEBHOOK_SECRET:-none}${FAIRWAY_TOKEN:-none}", env_file: [web.env] }',
    ),
    'web.env': 'GITHUB_WEBHOOK_SECRET\n',
  })
  const [web] = await composeCli({ environment }).services(project)
  expect(web?.build?.context).toBe(join(directory, 'nonenone'))
})

describe('S20: settings of Compose in the .env of a checkout', () => {
  test('decide neither on files nor on the name, the folder or where the engine is', async () => {
    write({
      'compose.yaml': service('{ build: "./${COMPOSE_PROJECT_NAME}" }'),
      'other.yaml': 'services: { other: { image: x } }\n',
      'b.env': 'COMPOSE_PROJECT_NAME=stolen\n',
      '.env': [
        'COMPOSE_FILE=other.yaml',
        'COMPOSE_PROJECT_NAME=stolen',
        'COMPOSE_PROJECT_DIRECTORY=/tmp',
        'COMPOSE_ENV_FILES=b.env',
        'COMPOSE_ANSI=always',
        'COMPOSE_PROGRESS=json',
        'DOCKER_HOST=tcp://127.0.0.1:1',
      ].join('\n'),
    })
    const [web, ...others] = await compose.services(withEnv())
    expect(web?.build?.context).toBe(join(directory, project.name))
    expect(others).toEqual([])
  })

  test('choose profiles only where the configuration chooses none', async () => {
    write({
      'compose.yaml':
        'services: { a: { image: x }, b: { image: x, profiles: [b] }, c: { image: x, profiles: [c] } }\n',
      '.env': 'COMPOSE_PROFILES=b\n',
    })
    const names = async (changes: Partial<Project>) =>
      (await compose.services({ ...withEnv(), ...changes })).map(({ name }) => name)
    expect(await names({})).toEqual(['a', 'b'])
    expect(await names({ profiles: ['c'] })).toEqual(['a', 'c'])
  })

  test('are not looked for in a .env that nobody named', async () => {
    write({ 'compose.yaml': service('{ build: "./${TAG:-none}" }'), '.env': 'TAG=stolen\n' })
    expect((await compose.services(project))[0]?.build?.context).toBe(join(directory, 'none'))
  })

  test.each(['oci://127.0.0.1:1/x:1', 'https://127.0.0.1:1/x.git'])(
    'S4: do not let Compose fetch %s, also where a variable hides it',
    async (address) => {
      const [scheme, rest] = address.split('://')
      write({
        'compose.yaml': `include: ["\${SCHEME}://${rest}"]\n`,
        '.env': `SCHEME=${scheme}\nCOMPOSE_EXPERIMENTAL_GIT_REMOTE=1\nCOMPOSE_EXPERIMENTAL_OCI_REMOTE=1\n`,
      })
      await expect(compose.services(withEnv())).rejects.toThrow(
        /Compose refuses compose\.yaml: .*remote resource is disabled/,
      )
    },
  )
})

describe('S21: what cannot be read of an env file is told by file and line, without its text', () => {
  test.each([
    ['A=1\nPASS WORD=geheim\n', 'line 2: key cannot contain a space'],
    ['A=1\nB="geheim\n', /line \d: unterminated quoted value$/],
    ['%geheim=1\n', 'line 1: unexpected character'],
    ['A=${X:?geheim}\n', 'required variable X is missing a value'],
    ['A=geheim${X\n', 'it cannot be read'],
  ])('%j', async (text, said) => {
    write({ 'compose.yaml': service('{ image: x }'), '.env': text })
    const lines: string[] = []
    const reading = compose.services(withEnv(), { output: (line) => void lines.push(line) })
    await expect(reading).rejects.toMatchObject({
      code: 'compose_invalid',
      message: expect.stringContaining(`failed to read ${join(directory, '.env')}: `) as string,
    })
    await expect(reading).rejects.toThrow(said)
    await expect(reading).rejects.not.toThrow('geheim')
    expect(lines.join('\n')).not.toContain('geheim')
  })

  test('in the env_file of a service, too', async () => {
    write({ 'compose.yaml': service('{ image: x, env_file: web.env }'), 'web.env': '{"a": "geheim"}\n' })
    await expect(compose.services(project)).rejects.toThrow(/compose\.yaml: line 1: unexpected character$/)
  })
})

test('F23: tells each variable without a value once, and shows what else Compose says', async () => {
  write({
    'compose.yaml': `version: "3"\n${service('{ image: "x:${B}${A}${B}", environment: { C: "${SET}${D-}${E:-e}" } }')}`,
    '.env': 'SET=\n',
  })
  const unset: string[] = []
  const lines: string[] = []
  await compose.services(withEnv(), {
    unset: (name) => void unset.push(name),
    output: (line) => void lines.push(line),
  })
  expect(unset).toEqual(['A', 'B'])
  expect(lines).toEqual([expect.stringContaining('`version` is obsolete')])
})

test('tells the paths of bind mounts, configs and secrets', async () => {
  write({
    'compose.yaml': `services:
  web: { image: x, volumes: ["./data:/data", "named:/x"], configs: [a], secrets: [b] }
  db: { image: x }
configs: { a: { file: ./a.conf }, other: { file: ./other.conf } }
secrets: { b: { file: ./b.key } }
volumes: { named: }
`,
  })
  const [db, web] = await compose.services(project)
  expect(web?.paths).toEqual(['data', 'a.conf', 'b.key'].map((name) => join(directory, name)))
  expect(db).not.toHaveProperty('paths')
})

test('a named key of build.ssh, which Compose can not write as JSON, is read all the same', async () => {
  write({ 'compose.yaml': service('{ build: { context: ., ssh: ["default=./key"] } }') })
  expect(await compose.services(project)).toMatchObject([
    { name: 'web', build: { context: directory, digest: expect.stringMatching(/^sha256:/) as string } },
  ])
})

test('what is kept of a section names what was set, and no value of it, wherever that came from', async () => {
  const secrets = ['inline7', 'envfile7', 'dotenv7', 'argument7', 'whole7', 'label7', 'command7']
  write({
    'compose.yaml': `services:
  web:
    image: example/shop:1
    build: { context: ., args: { ARGUMENT: argument7, OTHER: "\${SECRET}" } }
    command: [serve, "--token=\${SECRET}", command7]
    env_file: [web.env]
    environment: [INLINE=inline7, "FROM_DOTENV=\${SECRET}", "\${WHOLE}"]
    labels: [token=label7, "other=\${SECRET}", "\${WHOLE}"]
    healthcheck: { test: "check \${SECRET}" }
    ports: ["8080:80"]
    restart: always
`,
    '.env': 'SECRET=dotenv7\nWHOLE=whole7\n',
    'web.env': 'FROM_FILE=envfile7\n',
  })
  const [web] = await compose.services(withEnv())
  expect(web?.section).toMatchObject({
    image: 'example/shop:1',
    build: { args: { ARGUMENT: '***', OTHER: '***' } },
    command: '***',
    environment: { INLINE: '***', FROM_DOTENV: '***', FROM_FILE: '***' },
    labels: { token: '***', other: '***' },
    ports: [{ target: 80, published: '8080' }],
    restart: 'always',
  })
  const text = JSON.stringify(web?.section)
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
})
