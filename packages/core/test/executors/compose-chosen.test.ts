import { mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Project } from '../../src/domain/project.ts'
import { composeCli } from '../../src/executors/compose-cli.ts'
import { dockerEngine } from '../../src/executors/docker-engine.ts'
import { docker, newProject } from '../support/docker.ts'
import { writeFiles } from '../support/repository.ts'

// What a plan does with some of a project's services.
let directory: string
let project: Project
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-chosen-')))
  project = {
    name: newProject(),
    directory,
    files: [join(directory, 'compose.yaml')],
    envFiles: [],
    profiles: [],
    environment: {},
  }
})
afterEach(async () => {
  await docker('compose', '-p', project.name, 'down', '-v', '-t', '0', '--rmi', 'local')
  const left = await docker('images', '--quiet', '--filter', `reference=${project.name}-*`)
  if (left !== '') await docker('rmi', '--force', ...new Set(left.split('\n')))
  rmSync(directory, { recursive: true, force: true })
})

const compose = composeCli()
const engine = dockerEngine()
const limit = { timeout: 60_000 }
const running = 'init: true, command: [sleep, "1000"]'
const plain = `image: "local/busybox:latest", ${running}`
const write = (services: string): void => writeFiles(directory, { 'compose.yaml': `services:\n${services}` })

/** Ids of the containers by name. */
async function ids(): Promise<Record<string, string>> {
  const containers = await engine.containers(project.name)
  const start = project.name.length + 1
  return Object.fromEntries(containers.map(({ id, name }) => [name.slice(start), id]))
}

test('one of three services is brought up alone: the others keep their containers, whatever else changed', async () => {
  const three = (web: string, other: string): void =>
    write(
      `  web: { ${plain}, environment: { V: "${web}" }, depends_on: [db] }
  api: { ${plain}, environment: { V: "${other}" } }
  db: { ${plain}, environment: { V: "${other}" } }
`,
    )
  three('1', '1')
  await compose.up(project, limit)
  const before = await ids()
  three('2', '2')
  expect(await compose.wouldTouch(project, ['web', 'api', 'db'])).toEqual(['web', 'api', 'db'])
  await compose.up(project, { ...limit, services: ['web'] })
  const after = await ids()
  expect(after).toMatchObject({ 'api-1': before['api-1'], 'db-1': before['db-1'] })
  expect(after['web-1']).not.toBe(before['web-1'])
  // web depends on db: brought up along with it, it would be recreated when db is.
  expect(await compose.wouldTouch(project, ['web', 'api'])).toEqual(['api'])
})

test('foresees nothing for a service that was brought up along with what it depends on, nor for one that was not', async () => {
  write(`  web: { ${plain}, depends_on: [db] }\n  db: { ${plain} }\n`)
  await compose.up(project, limit)
  expect(await compose.wouldTouch(project, ['web'])).toEqual([])
  await compose.up(project, { ...limit, services: ['web'], force: true })
  expect(await compose.wouldTouch(project, ['web'])).toEqual([])
})

test('what depends on a recreated service is recreated in the same call, and not in one of its own', async () => {
  const dependent = (value: string): void =>
    write(`  web: { ${plain}, depends_on: [db] }\n  db: { ${plain}, environment: { V: "${value}" } }\n`)
  dependent('1')
  await compose.up(project, limit)
  const first = await ids()
  dependent('2')
  await compose.up(project, { ...limit, services: ['db'] })
  const second = await ids()
  expect(second['db-1']).not.toBe(first['db-1'])
  expect(second['web-1']).toBe(first['web-1'])
  dependent('3')
  await compose.up(project, { ...limit, services: ['db', 'web'] })
  expect((await ids())['web-1']).not.toBe(first['web-1'])
})

test('a single mounted file that was replaced is only seen after a forced recreate', async () => {
  write(`  web: { ${plain}, volumes: ["./page:/page:ro"] }\n  db: { ${plain} }\n`)
  writeFiles(directory, { page: 'one' })
  await compose.up(project, limit)
  const before = await ids()
  // As git does it: another file in its place.
  writeFiles(directory, { new: 'two' })
  renameSync(join(directory, 'new'), join(directory, 'page'))
  const page = (): Promise<string> => docker('exec', `${project.name}-web-1`, 'cat', '/page')
  await compose.up(project, { ...limit, services: ['web'] })
  expect(await page()).toBe('one')
  await compose.up(project, { ...limit, services: ['web'], force: true })
  expect(await page()).toBe('two')
  expect((await ids())['db-1']).toBe(before['db-1'])
})

test('foresees for services of similar names, with a name of their own, and scaled', async () => {
  const services = (command: string): void =>
    write(
      `  web: { ${plain} }
  web-admin: { image: "local/busybox:latest", init: true, command: [sleep, "${command}"] }
  named: { image: "local/busybox:latest", init: true, command: [sleep, "${command}"], container_name: ${project.name}-web-9 }
  two: { ${plain}, scale: 2 }
`,
    )
  services('1000')
  const all = ['web', 'web-admin', 'named', 'two']
  await compose.up(project, limit)
  expect(await compose.wouldTouch(project, all)).toEqual([])
  services('1001')
  expect(await compose.wouldTouch(project, ['web', 'web-admin', 'two'])).toEqual(['web-admin'])
  expect(await compose.wouldTouch(project, ['named', 'two'])).toEqual(['named'])
  await docker('stop', '--time', '0', `${project.name}-two-2`)
  expect(await compose.wouldTouch(project, ['web', 'two'])).toEqual(['two'])
})

test('starts what lacks and keeps what is there, though it was brought up with others before', async () => {
  const services = (many: string): void =>
    write(
      `  api: { image: "local/busybox:latest", init: true, command: [sleep, "1000"] }
  many: { image: "local/busybox:latest", init: true, command: [sleep, "1000"], depends_on: [api], scale: ${many} }
`,
    )
  services('1')
  await compose.up(project, { ...limit, services: ['api', 'many'] })
  const id = (name: string): Promise<string> =>
    docker('inspect', '--format', '{{.Id}}', `${project.name}-${name}`)
  const first = await id('many-1')
  services('2')
  await compose.up(project, { ...limit, services: ['many'], keep: true })
  expect(await id('many-1')).toBe(first)
  expect(await id('many-2')).not.toBe(first)
})

test('gives built images labels beside those of their file, and leaves nothing behind', async () => {
  write(`  web: { build: ./web }
  list: { build: { context: ./web, labels: ["own=x", "fairway.app=mine"] } }
  map: { build: { context: ./web, labels: { own: y } } }
`)
  writeFiles(directory, { 'web/Dockerfile': 'FROM local/busybox:latest\n' })
  const given = { 'fairway.app': 'a$HOME "b"', 'fairway.build-key': '1$$2' }
  // A place of its own, as other tests build at the same time.
  const temporary = mkdtempSync(join(tmpdir(), 'fairway-compose-chosen-'))
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(temporary, { recursive: true, force: true })
  })
  const before = readdirSync(directory)
  await compose.build(project, ['web', 'list', 'map'], {
    ...limit,
    labels: { web: given, list: given, map: given },
  })
  const labels = async (service: string): Promise<unknown> => {
    const format = '{{json .Config.Labels}}'
    const found: unknown = JSON.parse(
      await docker('image', 'inspect', '--format', format, `${project.name}-${service}`),
    )
    // Those that Compose always gives.
    return Object.fromEntries(
      Object.entries(found as object).filter(([name]) => !name.startsWith('com.docker.compose.')),
    )
  }
  expect(await labels('web')).toEqual(given)
  expect(await labels('list')).toEqual({ ...given, own: 'x' })
  expect(await labels('map')).toEqual({ ...given, own: 'y' })
  expect(readdirSync(directory)).toEqual(before)
  expect(readdirSync(temporary)).toEqual([])
})

test('takes the labels away again when the build fails', async () => {
  write('  web: { build: ./web }\n')
  writeFiles(directory, { 'web/Dockerfile': 'FROM local/busybox:latest\nRUN exit 3\n' })
  const own = mkdtempSync(join(directory, 'tmp-'))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = own
  try {
    const labels = { web: { 'fairway.app': 'shop' } }
    await expect(compose.build(project, ['web'], { ...limit, labels })).rejects.toThrow('Cannot build web')
    expect(readdirSync(own)).toEqual([])
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
})

test('what was read with the same digest is given again, with all that was said', async () => {
  write('  web: { image: "x:${TAG}", version: "3" }\n')
  writeFiles(directory, { 'compose.yaml': 'version: "3"\nservices: { web: { image: "x:${TAG}" } }\n' })
  const read = async (digest?: string, seen = project) => {
    const lines: string[] = []
    const unset: string[] = []
    const services = await compose.services(seen, {
      output: (line) => void lines.push(line),
      unset: (name) => void unset.push(name),
      ...(digest === undefined ? {} : { digest }),
    })
    return { names: services.map(({ name }) => name), lines, unset }
  }
  const first = await read('one')
  expect(first).toMatchObject({ names: ['web'], unset: ['TAG'], lines: [expect.stringContaining('version')] })
  write('  api: { image: x }\n')
  expect(await read('one')).toEqual(first)
  const now = { names: ['api'], lines: [], unset: [] }
  expect(await read('two')).toEqual(now)
  expect(await read()).toEqual(now)
  // The same files of another project are read for themselves.
  expect(await read('one', { ...project, name: `${project.name}x` })).toEqual(now)
  await expect(
    compose.services(project, { digest: 'one', signal: AbortSignal.abort(new Error('cancelled')) }),
  ).rejects.toThrow('cancelled')
})

test('a refusal is not kept', async () => {
  write('  web: {}\n')
  await expect(compose.services(project, { digest: 'one' })).rejects.toMatchObject({
    code: 'compose_invalid',
  })
  write('  web: { image: x }\n')
  expect(await compose.services(project, { digest: 'one' })).toHaveLength(1)
})
