// The main job for real: a server, a signed push, a running app, and a second push that rebuilds only what changed.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { ensureDocker } from '../ensure-docker.ts'
import { demoApp } from './app.ts'
import { makeOrigin, type Origin, type Tree } from '../lib/origin.ts'
import { removeProject } from '../lib/remove-project.ts'
import { run } from '../lib/run.ts'
import { fairway } from './commands.ts'
import { startServer, type Server } from './server.ts'

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopped.abort(`${signal}: stopped`))

process.exitCode = await demo(process.argv.includes('--keep'))

async function demo(keep: boolean): Promise<number> {
  say('Docker, Compose and git: there already, or brought up now')
  const prepared = await ensureDocker(stopped.signal)
  if (prepared !== 0) return prepared

  const folder = await mkdtemp(join(tmpdir(), 'fairway-demo-'))
  const project = `fairwaydemo${randomBytes(3).toString('hex')}`
  let server: Server | undefined
  try {
    const port = await freePort()
    const webPort = await freePort()
    const secret = randomBytes(32).toString('hex')
    const origin = await makeOrigin(folder)
    await writeConfig(folder, { project, url: origin.url })
    say(`The server starts (project ${project}, folder ${folder})`)
    server = startServer(folder, port, { GITHUB_WEBHOOK_SECRET: secret, WEB_PORT: String(webPort) })
    await server.line(/Listening on/)
    await show({
      folder,
      project,
      origin,
      server,
      webhook: `http://127.0.0.1:${port}/webhook`,
      secret,
      page: `http://127.0.0.1:${webPort}/`,
    })
    if (keep) await untilStopped(`http://127.0.0.1:${webPort}/`)
    return 0
  } catch (error) {
    if (!stopped.signal.aborted) console.error(error instanceof Error ? error.message : error)
    return stopped.signal.aborted ? 130 : 1
  } finally {
    say('Removing what the demo made')
    await server?.stop()
    await removeProject(project)
    await rm(folder, { recursive: true, force: true })
  }
}

interface Stage {
  readonly folder: string
  readonly project: string
  readonly origin: Origin
  readonly server: Server
  readonly webhook: string
  readonly secret: string
  readonly page: string
}

async function show(stage: Stage): Promise<void> {
  const { project, origin, page } = stage
  say('A first push: nothing is there yet, so the repository is cloned and both images are built')
  await deploy(stage, await push(origin, demoApp('Hello from the first push')))
  await showPage(page)
  const before = await containers(project)

  say('A second push changes web/index.html')
  const server = await deploy(stage, await push(origin, demoApp('Hello from the second push')))
  await showPage(page)
  const after = await containers(project)
  for (const [service, id] of after) {
    const kept = before.get(service) === id
    console.log(`  ${service}: ${kept ? 'untouched, the same container still runs' : 'built and replaced'}`)
  }
  if (before.get('api') !== after.get('api') || before.get('web') === after.get('web')) {
    throw new Error(`Only web should have been replaced:\n${server.join('\n')}`)
  }
  say(`Done: ${page} was deployed twice by a signed push`)
}

/** Commits the files, pushes them and gives the commit. */
async function push(origin: Origin, files: Tree): Promise<string> {
  const commit = await origin.commit('A new version', files)
  await origin.push()
  return commit
}

/** Sends the signed push and shows the server's log until the deployment ends. */
async function deploy({ server, webhook, secret, folder }: Stage, after: string): Promise<readonly string[]> {
  const answer = await fairway(['send', '--url', webhook, '--repo', 'acme/demo', '--after', after], {
    directory: folder,
    environment: { GITHUB_WEBHOOK_SECRET: secret },
    signal: stopped.signal,
  })
  console.log(`  answer: ${answer.trim()}`)
  const lines = await server.line(/Deployment task for demo finished|failed/)
  if (/failed/.test(lines.at(-1) ?? '')) throw new Error('The deployment failed; the log above says why')
  return lines
}

async function showPage(page: string): Promise<void> {
  const response = await fetch(page, { signal: stopped.signal })
  console.log(styleText('bold', `  GET ${page} -> ${response.status} ${(await response.text()).trim()}`))
}

async function containers(project: string): Promise<Map<string, string>> {
  const filter = `label=com.docker.compose.project=${project}`
  const format = '{{.Label "com.docker.compose.service"}} {{.ID}}'
  const listed = await run('docker', ['ps', '--filter', filter, '--format', format])
  return new Map(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  )
}

async function writeConfig(
  folder: string,
  { project, url }: { project: string; url: string },
): Promise<void> {
  const lines = [
    'apps:',
    '  demo:',
    '    repository: acme/demo',
    `    url: ${url}`,
    '    branch: main',
    '    path: checkout',
    `    project: ${project}`,
    '    rollout: { settle: 1s }',
    '    compose: { environment: { WEB_PORT: "${WEB_PORT}" } }',
  ]
  await writeFile(join(folder, 'fairway.yaml'), `${lines.join('\n')}\n`)
}

async function untilStopped(page: string): Promise<void> {
  say(`It keeps running: ${page} (Ctrl-C stops it and removes everything)`)
  await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve, { once: true }))
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function say(text: string): void {
  console.log(styleText(['bold', 'cyan'], `\n▶ ${text}`))
}
