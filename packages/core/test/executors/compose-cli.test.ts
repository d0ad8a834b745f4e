import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Project, Service } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { isGroupAlive } from '../../src/executors/process-group.ts'
import { trackChildren } from '../../src/run.ts'
import { docker, newProject } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

// What only the real Compose can show; what its double shows too stands in the contract.
let directory: string
let project: Project
beforeEach(() => {
  // A blank and an umlaut, as a person's folder may have them.
  directory = join(realpathSync(mkdtempSync(join(tmpdir(), 'fairway-compose-'))), 'mein Café')
  mkdirSync(directory)
  project = {
    name: newProject(),
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

const compose = composeCli()
const limit = { timeout: 60_000 }
const write = (files: Readonly<Record<string, string>>): void => writeFiles(directory, files)

/** Gives what a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('should fail'),
    (error: unknown) => error,
  )
}

async function removeProject(): Promise<void> {
  await docker('compose', '-p', project.name, 'down', '-v', '-t', '0', '--rmi', 'local')
  const left = await docker('images', '--quiet', '--filter', `reference=${project.name}-*`)
  if (left !== '') await docker('rmi', '--force', ...left.split('\n'))
}

describe('reads', () => {
  const read = async (yaml: string, changes: Partial<Project> = {}): Promise<Record<string, Service>> => {
    write({ 'compose.yaml': yaml })
    const services = await compose.services({ ...project, ...changes })
    return Object.fromEntries(services.map((service) => [service.name, service]))
  }

  test('both forms of build, a Dockerfile outside the context and additional contexts, as absolute paths', async () => {
    write({ 'docker/web.Dockerfile': 'FROM scratch\n', 'web/x': '', 'api/x': '', 'shared/x': '' })
    const services = await read(`services:
  short: { build: ./api }
  long:
    build:
      context: ./web
      dockerfile: ../docker/web.Dockerfile
      additional_contexts: { shared: ./shared }
  remote: { build: 'https://example.org/shop.git#main' }
  inline: { build: { context: ., dockerfile_inline: "FROM scratch" } }
  plain: { image: local/busybox:latest }
`)
    expect(services['short']?.build).toMatchObject({ context: join(directory, 'api') })
    expect(services['long']?.build).toMatchObject({
      context: join(directory, 'web'),
      additionalContexts: [join(directory, 'shared')],
    })
    const { context = '', dockerfile = '' } = services['long']?.build ?? {}
    expect(join(context, dockerfile)).toBe(join(directory, 'docker/web.Dockerfile'))
    expect(services['remote']?.build?.context).toBe('https://example.org/shop.git#main')
    expect(services['inline']?.build).not.toHaveProperty('dockerfile')
    expect(services['plain']).not.toHaveProperty('build')
  })

  test('how many of each, and those of a profile only with it', async () => {
    const yaml = `services:
  one: { image: local/busybox:latest }
  scaled: { image: local/busybox:latest, scale: 3 }
  replicated: { image: local/busybox:latest, deploy: { replicas: 2 } }
  off: { image: local/busybox:latest, deploy: { replicas: 0 } }
  tools: { image: local/busybox:latest, profiles: [debug] }
`
    const counts = (services: Record<string, Service>) =>
      Object.fromEntries(Object.entries(services).map(([name, { replicas }]) => [name, replicas]))
    expect(counts(await read(yaml))).toEqual({ one: 1, scaled: 3, replicated: 2, off: 0 })
    expect(counts(await read(yaml, { profiles: ['debug'] }))).toMatchObject({ tools: 1 })
  })

  test('a build section that changes has another digest, also by an argument from the env file', async () => {
    const yaml = 'services: { web: { build: { context: ., args: { LEVEL: "${LEVEL}" } } } }'
    const changes = { envFiles: [join(directory, '.env')] }
    const digest = async (env: string) => {
      write({ '.env': env })
      return (await read(yaml, changes))['web']?.build?.digest
    }
    const one = await digest('LEVEL=1\n')
    expect(await digest('LEVEL=1\nOTHER=2\n')).toBe(one)
    expect(await digest('LEVEL=2\n')).not.toBe(one)
  })

  test('no secret of this process, but what the project names', async () => {
    const secretive = composeCli({ environment: { ...process.env, GITHUB_WEBHOOK_SECRET: 'geheim' } })
    write({
      'compose.yaml': 'services: { web: { image: "x:${GITHUB_WEBHOOK_SECRET:-none}" } }',
      Dockerfile: '',
    })
    const build = 'services: { web: { build: { context: "./${GITHUB_WEBHOOK_SECRET:-none}" } } }'
    write({ 'compose.yaml': build, 'none/x': '', 'named/x': '' })
    const context = async (changes: Partial<Project>) =>
      (await secretive.services({ ...project, ...changes }))[0]?.build?.context
    expect(await context({})).toBe(join(directory, 'none'))
    const environment = { GITHUB_WEBHOOK_SECRET: 'named' }
    expect(await context({ environment })).toBe(join(directory, 'named'))
  })

  test('the files it is given, whatever COMPOSE_FILE and its like say in the .env file or here', async () => {
    const misled = composeCli({
      environment: { ...process.env, COMPOSE_FILE: 'other.yaml', COMPOSE_PROFILES: 'debug' },
    })
    write({
      '.env': `COMPOSE_FILE=other.yaml\nCOMPOSE_PROJECT_NAME=${project.name}other\n`,
      'other.yaml': 'services: { other: { image: x } }',
      'compose.yaml':
        'services: { web: { build: "./${COMPOSE_PROJECT_NAME}" }, tools: { image: x, profiles: [debug] } }',
    })
    const services = await misled.services({ ...project, envFiles: [join(directory, '.env')] })
    expect(services.map(({ name }) => name)).toEqual(['web'])
    expect(services[0]?.build?.context).toBe(join(directory, project.name))
  })
})

describe('refuses', () => {
  test.each([
    ['broken YAML', 'services: [', /yaml: /],
    ['a key that Compose does not know', 'services: { web: { image: x, imagine: y } }', /imagine/],
    ['a service that is nothing', 'services: { web: {} }', /web.* has neither an image nor a build context/],
    [
      'a variable that must be set',
      'services: { web: { image: "${NEEDED:?is needed}" } }',
      /NEEDED.*is needed/,
    ],
  ])('%s, in the words of Compose', async (_, yaml, said) => {
    write({ 'compose.yaml': yaml })
    expect(await failureOf(compose.services(project))).toMatchObject({
      code: 'compose_invalid',
      message: expect.stringMatching(said) as string,
    })
  })

  test('a file that is not there, by its name', async () => {
    expect(await failureOf(compose.services(project))).toMatchObject({
      code: 'compose_invalid',
      message: expect.stringMatching(/compose\.yaml: .*no such file or directory/) as string,
    })
  })

  test('a folder that is not there', async () => {
    const gone = { ...project, directory: join(directory, 'gone') }
    expect(await failureOf(compose.services(gone))).toMatchObject({ code: 'checkout_missing' })
  })
})

test('without docker, or without an engine, says so', async () => {
  write({ 'compose.yaml': 'services: { web: { build: . } }', Dockerfile: 'FROM local/busybox:latest\n' })
  const nowhere = composeCli({ environment: { PATH: '/nonexistent' } })
  expect(await failureOf(nowhere.version())).toMatchObject({
    code: 'docker_unavailable',
    message: 'Cannot start docker: it is not installed or not in PATH',
  })
  const dead = composeCli({ environment: { ...process.env, DOCKER_HOST: `unix://${directory}/none.sock` } })
  // Reading needs no engine.
  expect(await dead.services(project)).toHaveLength(1)
  const doing = {
    'build web of': () => dead.build(project, ['web'], limit),
    'bring up': () => dead.up(project, limit),
  }
  for (const [words, act] of Object.entries(doing)) {
    expect(await failureOf(act())).toMatchObject({
      code: 'docker_unavailable',
      message: `Cannot ${words} project ${project.name}: the Docker engine does not answer`,
      hint: expect.stringContaining('docker run') as string,
    })
  }
})

describe('with the engine', () => {
  afterEach(removeProject)

  test('builds from a folder with a blank and an umlaut, shows its output, and runs what was built', async () => {
    write({
      'compose.yaml': `services:
  web: { build: "./wéb site", init: true, command: [sleep, "1000"] }
`,
      'wéb site/Dockerfile': 'FROM local/busybox:latest\nCOPY seite.txt /seite.txt\n',
      'wéb site/seite.txt': 'grüß Gott',
    })
    const lines: string[] = []
    await compose.build(project, ['web'], limit, { output: (line) => void lines.push(line) })
    expect(lines.join('\n')).toContain('COPY seite.txt')
    await compose.up(project, limit)
    expect(await docker('exec', `${project.name}-web-1`, 'cat', '/seite.txt')).toBe('grüß Gott')
  })

  test('a failed build shows its last lines, and leaves what runs alone', async () => {
    const yaml = 'services: { web: { build: ., init: true, command: [sleep, "1000"] } }'
    write({ 'compose.yaml': yaml, Dockerfile: 'FROM local/busybox:latest\n' })
    await compose.up(project, limit)
    const before = await docker('inspect', '--format', '{{.Id}}', `${project.name}-web-1`)
    write({ Dockerfile: 'FROM local/busybox:latest\nRUN echo the reason; exit 3\n' })
    const error = await failureOf(compose.build(project, ['web'], limit))
    expect(error).toMatchObject({
      code: 'compose_failed',
      message: expect.stringMatching(
        new RegExp(`^Cannot build web of project ${project.name}: .*3`),
      ) as string,
    })
    const { output } = error as { output: readonly string[] }
    expect(output.join('\n')).toContain('the reason')
    expect(output.length).toBeLessThanOrEqual(20)
    expect(await docker('inspect', '--format', '{{.Id}}', `${project.name}-web-1`)).toBe(before)
  })

  test('an image that is not to be had fails the bringing up', async () => {
    write({ 'compose.yaml': 'services: { web: { image: "local/nothere:1", pull_policy: never } }' })
    expect(await failureOf(compose.up(project, limit))).toMatchObject({
      code: 'compose_failed',
      message: expect.stringContaining(`Cannot bring up project ${project.name}: `) as string,
    })
  })

  test('nothing to start is a failure, not a success', async () => {
    write({ 'compose.yaml': 'services: { tools: { image: "local/busybox:latest", profiles: [debug] } }' })
    expect(await compose.services(project)).toEqual([])
    expect(await failureOf(compose.up(project, limit))).toMatchObject({
      code: 'compose_failed',
      message: `Cannot bring up project ${project.name}: no service selected`,
    })
  })

  test.each(['out of time', 'cancelled'])(
    'F26: a build that is %s ends, with all that worked for it',
    async (why) => {
      // Seconds that no other sleep on this machine is told.
      const seconds = `${1_000_000 + process.pid}.${why.length}`
      write({
        'compose.yaml': 'services: { web: { build: . } }',
        Dockerfile: `FROM local/busybox:latest\nRUN sleep ${seconds}\n`,
      })
      const groups = new Set<number>()
      const children = trackChildren()
      children.watch((running) => running.forEach((group) => groups.add(group)))
      const stop = new AbortController()
      const timeout = why === 'cancelled' ? 60_000 : 4_000
      const building = failureOf(
        compose.build(project, ['web'], { timeout }, { children, signal: stop.signal }),
      )
      const sleeping = (): boolean => isRunning(seconds)
      await expect.poll(sleeping, { timeout: 4_000, interval: 100 }).toBe(true)
      if (why === 'cancelled') stop.abort(new Error('cancelled'))

      const expected =
        why === 'cancelled' ? 'cancelled' : 'docker compose did not end within 4 s and was stopped'
      expect(await building).toMatchObject({ message: expected })
      expect(groups.size).toBe(1)
      expect([...groups].filter((pid) => isGroupAlive({ pid }))).toEqual([])
      // The engine is told by the broken connection.
      await expect.poll(sleeping, { timeout: 10_000, interval: 100 }).toBe(false)
    },
  )
})

/** Whether a process on this machine was started with this among its arguments. */
function isRunning(word: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })
}
