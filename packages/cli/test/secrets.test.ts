import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, onTestFinished, test } from 'vitest'
import { makeOrigin, type Origin } from '../../../scripts/lib/origin.ts'
import { removeProject } from '../../../scripts/lib/remove-project.ts'
import { run } from '../../../scripts/lib/run.ts'
import { dockerfile } from '../../server/test/support/world.ts'
import { fairway, folder, serve, type Serving } from './support.ts'
import { privateRemote } from './support/private-remote.ts'
import { watchChildren } from './support/watch-children.ts'

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
  | 'records in the checkout'

/**
 * The places where secrets are planted, and where each may go: to whoever needs it, nowhere else.
 */
const mayReach = {
  'webhook.secrets in the environment': [],
  'webhook.secrets in a file that *_FILE names': [],
  "an app's own webhookSecrets": [],
  'a password in `url`': [],
  "a password in a checkout's origin": [],
  "the password that git's credential helper knows": [],
  'a value of .env that a service asks for': ['container environment'],
  'a value of compose.environment that a service asks for': [
    'environment of docker',
    'container environment',
  ],
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

const names = {
  global: planted['webhook.secrets in the environment'],
  rotated: planted['webhook.secrets in a file that *_FILE names'],
  own: planted["an app's own webhookSecrets"],
  token: planted['tokens in a commit message, a pusher, a ref'],
}

type See = (sink: Sink, ...texts: readonly string[]) => void

test('S19, S23 to S26: of secrets in twelve places none shows where it has no business', async () => {
  const directory = await folder()
  const project = `fairwaysecrets${process.pid}`
  onTestFinished(() => removeProject(project))
  const children = await watchChildren(directory)
  const origin = await prepare(directory, project)
  const environment = {
    PATH: `${children.path}:${process.env['PATH'] ?? ''}`,
    HOME: join(directory, 'home'),
    GITHUB_WEBHOOK_SECRET: names.global,
    ROTATED_FILE: 'rotated',
  }
  const seen = new Map<Sink, string[]>()
  const see: See = (sink, ...texts) => void seen.set(sink, [...(seen.get(sink) ?? []), ...texts])

  for (const [format, work] of [
    ['text', deployWell],
    ['json', deployBadly],
  ] as const) {
    const server = serve(['--log', format], { directory, environment, started: children.follow })
    const url = /http:\/\/[\w.:]+/.exec(await server.line(/Listening on/))?.[0] ?? ''
    see('answers', ...(await work(server, url, origin)))
    see('data directory', await run('grep', ['-r', '', '.fairway'], { directory }))
    await server.stop()
    see('console', ...server.lines)
  }
  for (const args of [
    ['deploy', 'blog'],
    ['deploy', 'shop'],
    ['deploy', 'shop', '--ref', 'good'],
    ['--config', 'refused.yaml', 'config', 'check'],
    ['--config', 'refused.yaml', 'serve'],
  ]) {
    const { stdout, stderr } = await fairway(args, { directory, environment, started: children.follow })
    see('command line', stdout, stderr)
  }
  for (const child of await children.stop()) {
    see('arguments', child.args.join(' '))
    see(`environment of ${child.for}`, child.environment)
  }
  see('log file', await readFile(join(directory, 'webhook_server.log'), 'utf8'))
  await inspect(project, see)
  see('records in the checkout', ...(await records(join(directory, 'shop'))))

  const reached = Object.fromEntries(
    places.map((place) => [
      place,
      [...seen]
        .filter(([, texts]) => texts.some((text) => shows(text, planted[place])))
        .map(([sink]) => sink),
    ]),
  )
  expect(reached).toEqual(mayReach)
  // What was looked at was really there.
  const text = (sink: Sink): string => (seen.get(sink) ?? []).join('\n')
  for (const sink of ['console', 'command line'] as const) expect(text(sink)).toContain('npm token is ***')
  expect(text('arguments')).toMatch(/git-remote-http|git remote-http/)
  expect(text('container environment')).toContain('LEAK=nothing')
  for (const sink of [
    'log file',
    'answers',
    'command line',
    'labels',
    'image history',
    'data directory',
    'records in the checkout',
  ] as const)
    expect(text(sink)).toMatch(/shop|fairway/)
}, 120_000)

/** Plants what lies in files, and gives the origin of the app that can be deployed. */
async function prepare(directory: string, project: string): Promise<Origin> {
  const origin = await makeOrigin(directory)
  const login = { user: 'ada', password: planted["the password that git's credential helper knows"] }
  const remote = await privateRemote(directory, login)
  const home = join(directory, 'home')
  await mkdir(home)
  const files = {
    'home/.gitconfig': `[credential]\n\thelper = store --file=${home}/credentials\n`,
    'home/credentials': `${remote.replace('://', `://ada:${login.password}@`)}\n`,
    rotated: `${names.rotated}\n`,
    '.env': `SHOP_SECRET=${names.own}\nDB_PASSWORD=${planted['a value of compose.environment that a service asks for']}\n`,
    'fairway.yaml': configuration(project),
    'refused.yaml': `apps:\n  shop: { repository: acme/shop, path: ./x, url: "https://ada:${planted['a password in `url`']}@127.0.0.1/x.git" }\n`,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)

  await origin.commit(`first ${names.token}`, {
    'compose.yaml': composeFile,
    'web/Dockerfile': dockerfile,
    'web/index.html': 'shop\n',
  })
  await origin.git('tag', 'good')
  await push(origin, '--tags')
  await run('git', ['clone', '--quiet', `${remote}/origin.git`, 'shop'], {
    directory,
    environment: { HOME: home },
  })
  await writeFile(
    join(directory, 'shop', '.env'),
    `APP_PASSWORD=${planted['a value of .env that a service asks for']}\nNPM_TOKEN=${planted['a build argument that a failing build prints']}\n`,
  )
  const leaking = `http://ada:${planted["a password in a checkout's origin"]}@127.0.0.1:1/blog.git`
  await run('git', ['clone', '--quiet', origin.url, 'blog'], { directory })
  await run('git', ['remote', 'set-url', 'origin', leaking], { directory: join(directory, 'blog') })
  return origin
}

const configuration = (project: string): string => `server: { port: 0 }
webhook: { secrets: ["\${GITHUB_WEBHOOK_SECRET}", "\${ROTATED}"] }
apps:
  shop:
    repository: acme/shop
    branch: main
    path: ./shop
    project: ${project}
    webhookSecrets: ["\${SHOP_SECRET}"]
    compose: { environment: { DB_PASSWORD: "\${DB_PASSWORD}" } }
    rollout: { settle: 300ms }
  blog: { repository: acme/blog, branch: main, path: ./blog }
`

const composeFile = `services:
  web:
    build: { context: ./web, args: { NPM_TOKEN: "\${NPM_TOKEN}" } }
    init: true
    environment:
      APP_PASSWORD: "\${APP_PASSWORD}"
      DB_PASSWORD: "\${DB_PASSWORD}"
      LEAK: "\${GITHUB_WEBHOOK_SECRET:-nothing}"
`

async function push(origin: Origin, ...options: readonly string[]): Promise<void> {
  await origin.push(...options)
  // Plain HTTP serves files: git has to list its refs in one.
  await run('git', ['update-server-info'], { directory: origin.url })
}

/** Sends pushes with secrets in every part of them, of which one is deployed. */
async function deployWell(server: Serving, url: string): Promise<readonly string[]> {
  const answers = [
    await send(url, names.own, 'shop'),
    await send(url, names.own, 'shop', `refs/heads/${names.token}`),
    await send(url, names.global, 'blog'),
    await send(url, 'not one of the secrets that are known', 'shop'),
  ]
  await server.line(/Git pull failed for blog/)
  answers.push(await send(url, names.rotated, 'blog'))
  await server.line(/shop: recordDeployed success/)
  return [
    ...answers,
    ...(await Promise.all(['/', '/readyz', '/docs', '/nothing'].map((path) => get(url + path)))),
  ]
}

/** A push whose build prints its argument and fails. */
async function deployBadly(server: Serving, url: string, origin: Origin): Promise<readonly string[]> {
  const printing = dockerfile.replace('CMD', 'ARG NPM_TOKEN\nRUN echo npm token is $NPM_TOKEN; exit 7\nCMD')
  await origin.commit(`second ${names.token}`, { 'web/Dockerfile': printing })
  await push(origin)
  const answer = await send(url, names.own, 'shop')
  await server.line(/"step":"buildImages","status":"failure"/)
  await server.line(/Docker compose failed for shop/)
  return [answer]
}

async function send(url: string, signed: string, app: string, ref = 'refs/heads/main'): Promise<string> {
  const { headers, body } = signedDelivery({
    secret: signed,
    payload: {
      ...pushPayload({ repository: `acme/${app}`, ref, pusher: names.token }),
      head_commit: { message: names.token },
    },
    headers: {
      'x-github-encoded-secret': planted['the header X-Github-Encoded-Secret'],
      authorization: `Bearer ${planted['the header Authorization']}`,
    },
  })
  const init = { method: 'POST', headers: headers as Record<string, string>, body: new Uint8Array(body) }
  return get(`${url}/webhook`, init)
}

async function get(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init)
  return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`
}

/** What Docker keeps of a project, for everybody who may ask it. */
async function inspect(project: string, see: See): Promise<void> {
  const list = async (...command: readonly string[]): Promise<readonly string[]> =>
    (await run('docker', [...command, '--quiet'])).split('\n').filter((id) => id !== '')
  const containers = await list('ps', '--all', '--filter', `label=com.docker.compose.project=${project}`)
  const images = await list('images', '--filter', `reference=${project}-*`)
  const format = (part: string): readonly string[] => [
    '--format',
    `{{range $k, $v := ${part}}}{{$k}}={{$v}}\n{{end}}`,
  ]
  see('labels', await run('docker', ['inspect', ...format('.Config.Labels'), ...containers, ...images]))
  see(
    'container environment',
    await run('docker', ['inspect', '--format', '{{json .Config.Env}}', ...containers]),
  )
  see('image history', await run('docker', ['image', 'inspect', ...images]))
  for (const image of images) see('image history', await run('docker', ['history', '--no-trunc', image]))
}

/** What Fairway keeps in git of deployments, releases and holds; the commits themselves are the repository's. */
async function records(directory: string): Promise<readonly string[]> {
  const format = '--format=%(objecttype) %(objectname)'
  const refs = (await run('git', ['for-each-ref', format, 'refs/fairway'], { directory })).trim().split('\n')
  const own = refs.flatMap((line) => (line.startsWith('commit ') ? [] : (line.split(' ')[1] ?? [])))
  return Promise.all(own.map((id) => run('git', ['cat-file', '-p', id], { directory })))
}

/** As it is, or as base64 that begins anywhere in it. */
function shows(text: string, secret: string): boolean {
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  )
  return [secret, ...encoded].some((spelling) => text.includes(spelling))
}
