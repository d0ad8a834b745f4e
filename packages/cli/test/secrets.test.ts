import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { makeOrigin } from '../../../scripts/lib/origin.ts'
import { removeProject } from '../../../scripts/lib/remove-project.ts'
import { run } from '../../../scripts/lib/run.ts'
import { dockerfile } from '../../server/test/support/world.ts'
import { fairway, folder, serve, type Serving } from './support.ts'
import { servePrivately } from './support/private-remote.ts'
import { type Children, watchChildren } from './support/watch-children.ts'

/** Where a secret could be seen by somebody who should not. */
type Sink =
  | 'console'
  | 'log file'
  | 'answers'
  | 'command line'
  | 'arguments'
  | 'environment of git'
  | 'environment of docker'
  | 'labels'
  | 'image history'
  | 'container environment'
  | 'data directory'

/** The places where secrets are planted, and where each may go: to whoever needs it, nowhere else. */
const mayReach = {
  'webhook.secrets in the environment': [],
  'webhook.secrets in a file that *_FILE names': [],
  "an app's own webhookSecrets": [],
  'a password in `url`': [],
  "a password in a checkout's origin": [],
  "the password that git's credential helper knows": [],
  'a value of .env that a service asks for': ['container environment'],
  'a value of compose.environment that a service asks for': ['environment of docker', 'container environment'],
  'a build argument that a failing build prints': [],
  'tokens in a commit message, a pusher, a ref': [],
  'the header X-Github-Encoded-Secret': [],
  'the header Authorization': [],
} as const satisfies Readonly<Record<string, readonly Sink[]>>
type Place = keyof typeof mayReach
const places = Object.keys(mayReach) as Place[]

const planted = Object.fromEntries(
  // Of letters and digits alone, so that no encoding hides it from the search.
  places.map((place) => [place, `planted${randomBytes(12).toString('hex')}`]),
) as Record<Place, string>
planted['tokens in a commit message, a pusher, a ref'] = `ghp_${randomBytes(18).toString('hex')}`

const secretOf = {
  global: planted['webhook.secrets in the environment'],
  own: planted["an app's own webhookSecrets"],
}

test('S19, S23 to S26: of secrets in twelve places none shows where it has no business', async () => {
  const directory = await folder()
  const project = `fairwaysecrets${process.pid}`
  onTestFinished(() => removeProject(project))
  const setting = await prepare(directory, project)
  const seen = new Map<Sink, string[]>()
  const see = (sink: Sink, ...texts: readonly string[]): void => void seen.set(sink, [...(seen.get(sink) ?? []), ...texts])

  for (const format of ['text', 'json']) {
    const server = serve(['--log', format], { directory, environment: setting.environment, started: setting.children.follow })
    const url = /http:\/\/[\w.:]+/.exec(await server.line(/Listening on/))?.[0] ?? ''
    const answers = await (format === 'text' ? deployWell : deployBadly)(server, url, setting)
    see('answers', ...answers)
    await server.stop()
    see('console', ...server.lines)
  }
  for (const args of [['deploy', 'blog'], ['deploy', 'shop', '--ref', 'good'], ['--config', 'refused.yaml', 'config', 'check'], ['--config', 'refused.yaml', 'serve']]) {
    const { stdout, stderr } = await fairway(args, { directory, environment: setting.environment, started: setting.children.follow })
    see('command line', stdout, stderr)
  }
  const children = await setting.children.stop()
  see('arguments', ...children.flatMap(({ args }) => args))
  see('environment of git', ...children.filter(({ args }) => args[0] !== 'docker').map(({ environment }) => environment))
  see('environment of docker', ...children.filter(({ args }) => args[0] === 'docker').map(({ environment }) => environment))
  see('log file', await readFile(join(directory, 'webhook_server.log'), 'utf8'))
  see('data directory', await run('grep', ['-r', '', '.fairway'], { directory }))
  await inspect(project, see)

  expect(Object.fromEntries([...seen].map(([sink, texts]) => [sink, texts.join('').length > 100]))).toEqual({})
  const reached = Object.fromEntries(
    places.map((place) => [
      place,
      [...seen].filter(([, texts]) => texts.some((text) => shows(text, planted[place]))).map(([sink]) => sink),
    ]),
  )
  expect(reached).toEqual(mayReach)
})
