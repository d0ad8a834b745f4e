import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { makeOrigin } from '../../../scripts/lib/origin.ts'
import { removeProject } from '../../../scripts/lib/remove-project.ts'
import { run } from '../../../scripts/lib/run.ts'
import { composeFile, dockerfile } from '../../server/test/support/world.ts'
import { folder, secret, serve, type Serving } from './support.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }
const next = 'another secret, which takes its place'

const app = (name: string, more = ''): string =>
  `  ${name}: { repository: acme/${name}, branch: main, path: ./${name}${more} }\n`
const config = `server: { port: 0 }\napps:\n${app('shop')}`

const rotating = 'webhook: { secrets: ["${GITHUB_WEBHOOK_SECRET}", "${SECOND_SECRET}"] }\n'

interface Running extends Serving {
  /** Sends a signal to the server. */
  signal(name: NodeJS.Signals): void
  /** Sends a signed push and gives the answer's status. */
  push(signed?: string, pusher?: string): Promise<number>
  /** How many lines match so far. */
  count(pattern: RegExp): number
}

async function start(
  directory: string,
  variables: Readonly<Record<string, string>> = environment,
  ...args: readonly string[]
): Promise<Running> {
  let pid = 0
  const started = (given: number): void => void (pid = given)
  const server = serve(args, { directory, environment: variables, started })
  const line = await server.line(/Listening on /)
  const url = /http:\/\/[\w.:]+/.exec(line)?.[0] ?? ''
  return {
    ...server,
    signal: (name) => void process.kill(pid, name),
    count: (pattern) => server.lines.filter((given) => pattern.test(given)).length,
    async push(signed = secret, pusher = 'ada') {
      const { headers, body } = signedDelivery({ secret: signed, payload: pushPayload({ pusher }) })
      const answer = await fetch(`${url}/webhook`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      })
      await answer.arrayBuffer()
      return answer.status
    },
  }
}

/** As editors and orchestration do it: the new file takes the old one's place at once. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

test('SIGHUP while a deployment runs: it ends well as it began, and the next push follows the new configuration', async () => {
  const project = `fairwayhup${process.pid}`
  const directory = await folder()
  const origin = await makeOrigin(directory)
  onTestFinished(() => removeProject(project))
  const compose = `${composeFile({ web: './web' })}    environment: { WORD: "\${WORD}" }\n`
  await origin.commit('first', {
    'compose.yaml': compose,
    'web/Dockerfile': dockerfile,
    'web/index.html': 'v1\n',
  })
  await origin.push()
  const configured = (word: string, settle: string): string =>
    `server: { port: 0 }\napps:\n${app('shop', `, url: ${origin.url}, project: ${project}, compose: { environment: { WORD: ${word} } }, rollout: { settle: ${settle} }`)}`
  const word = (): Promise<string> => run('docker', ['exec', `${project}-web-1`, 'sh', '-c', 'echo $WORD'])
  await writeFile(join(directory, 'fairway.yaml'), configured('old', '6s'))

  const server = await start(directory)
  expect(await server.push()).toBe(202)
  await server.line(/shop: applyPlan success/)
  await writeFile(join(directory, 'fairway.yaml'), configured('new', '300ms'))
  server.signal('SIGHUP')
  await server.line(/Configuration reloaded from \S+fairway\.yaml: 1 app \(changed shop\)/)
  expect(server.count(/✅ Deployment task for shop finished/)).toBe(0)
  await server.line(/shop: recordDeployed success/)
  expect(await word()).toBe('old\n')

  expect(await server.push()).toBe(202)
  await expect.poll(() => server.count(/shop: recordDeployed success/), { timeout: 30_000 }).toBe(2)
  expect(await word()).toBe('new\n')
  expect(server.count(/ - ERROR - /)).toBe(0)
})

test('a changed file is read without a signal: replaced, written in place, swapped behind symbolic links', async () => {
  const directory = await folder({ 'one.yaml': config })
  const file = join(directory, 'fairway.yaml')
  await mkdir(join(directory, 'v1'))
  await mkdir(join(directory, 'v2'))
  await writeFile(join(directory, 'v1', 'fairway.yaml'), config)
  await writeFile(join(directory, 'v2', 'fairway.yaml'), config + app('linked'))
  await symlink('v1', join(directory, 'data'))
  await symlink('data/fairway.yaml', file)
  const server = await start(directory)
  await symlink('v2', join(directory, 'data.new'))
  await rename(join(directory, 'data.new'), join(directory, 'data'))
  await server.line(/reloaded from \S+: 2 apps \(added linked\)/)
  await replaceFile(file, config + app('replaced'))
  await server.line(/2 apps \(added replaced, removed linked\)/)
  await writeFile(file, config + app('written'))
  await server.line(/2 apps \(added written, removed replaced\)/)
  await replaceFile(file, `${rotating}${config}`)
  await server.line(/1 app \(removed written\)$/)
  await writeFile(join(directory, '.env'), `SECOND_SECRET=${next}\n`)
  await server.line(/1 app; changed webhook\.secrets/)
  expect(await server.push(next)).toBe(202)
  expect(server.count(/Configuration re/)).toBe(5)
})

test('an invalid configuration is refused with every mistake; half a save is not reported, nor is an empty file applied', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const file = join(directory, 'fairway.yaml')
  const server = await start(directory)
  await writeFile(file, `${config}nonsense: 1\nwebhook: { secrets: [short], allowUnsigned: maybe }\n`)
  await server.line(/ERROR - Cannot reload the configuration; the old configuration goes on:/)
  await expect
    .poll(() => server.lines.slice(-3).join('\n'))
    .toMatch(/nonsense: .*\n.*allowUnsigned: .*\n.*webhook\.secrets\[0\]: /)
  expect(await server.push()).toBe(202)

  await writeFile(file, '')
  await server.line(/fairway\.yaml: is empty/)
  expect(await server.push()).toBe(202)

  await writeFile(file, config)
  await server.line(/read again from \S+: nothing changed/)
  await writeFile(file, 'apps: {')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await writeFile(file, config + app('blog'))
  await server.line(/reloaded from \S+: 2 apps \(added blog\)/)
  expect(server.count(/Cannot reload/)).toBe(2)
})

test('a secret is rotated in its file; neither shows in the log, also where a push names it', async () => {
  const directory = await folder({ 'fairway.yaml': config, secret: `${secret}\n` })
  const server = await start(directory, { GITHUB_WEBHOOK_SECRET_FILE: 'secret' })
  expect(await server.push(secret)).toBe(202)
  await replaceFile(join(directory, 'secret'), `${next}\n`)
  await server.line(/reloaded from \S+: 1 app; changed webhook\.secrets/)
  expect(await server.push(secret)).toBe(401)
  expect(await server.push(next, `${next} and ${secret}`)).toBe(202)
  await server.line(/Pusher: \*\*\* and \*\*\*/)
  const log = await readFile(join(directory, 'webhook_server.log'), 'utf8')
  for (const given of [secret, next]) expect(server.lines.join('\n') + log).not.toContain(given)
})

test('SIGHUP never ends a server: while it starts, again and again, while nothing has changed', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const server = await start(directory)
  for (let times = 0; times < 50; times++) server.signal('SIGHUP')
  await server.line(/read again from \S+: nothing changed/)
  server.signal('SIGHUP')
  await expect.poll(() => server.count(/nothing changed/), { timeout: 10_000 }).toBeGreaterThan(1)
  expect(server.count(/nothing changed/)).toBeLessThan(5)
  expect(await server.push()).toBe(202)
  server.signal('SIGTERM')
  expect((await server.ended).exitCode).toBe(0)
})

test('with --reload only the parent follows the configuration, and a closed terminal ends both', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const server = await start(directory, environment, '--reload')
  await replaceFile(join(directory, 'fairway.yaml'), config + app('blog'))
  await server.line(/something changed; starting again/)
  await expect.poll(() => server.count(/Listening on/), { timeout: 20_000 }).toBe(2)
  const { pid } = JSON.parse(await readFile(join(directory, '.fairway/server.lock'), 'utf8')) as {
    pid: number
  }
  server.signal('SIGHUP')
  expect((await server.ended).exitCode).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(server.count(/Configuration re/)).toBe(0)
})
