import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../lib/run.ts'
import { makeConsumer } from './consumer.ts'
import { withInstalled } from './installed-server.ts'
import { limits, measure } from './measure.ts'
import { packageNames, packAll, type Tarballs } from './pack.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let tarballs: Tarballs
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-packages-'))
  tarballs = await packAll(join(folder, 'packed'))
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

describe.each(packageNames)('%s as packed', (name) => {
  test('is what publint wants', async () => {
    const bytes = await readFile(tarballs[name])
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('has types that every way of importing finds', { timeout: 60_000 }, async () => {
    // The command has no entry point to import.
    if (name === 'cli') return expect(JSON.stringify(await manifest(name))).not.toContain('"exports"')
    const attw = join(root, 'node_modules/.bin/attw')
    const said = await run(attw, [
      tarballs[name],
      '--profile',
      'esm-only',
      '--format',
      'ascii',
      '--no-emoji',
      '--no-color',
    ])
    expect(said).toContain('OK (ESM)')
  })

  test('names nothing of the workspace', async () => {
    const text = JSON.stringify(await manifest(name))
    expect(text).not.toMatch(/workspace:|catalog:|@fairway\/source/)
  })
})

test('stays small, and in small company', { timeout: 60_000 }, async () => {
  for (const { name, packed, packages } of await measure(tarballs)) {
    expect(packed, `${name} in kB`).toBeLessThanOrEqual(limits[name].packed)
    expect(packages, `packages with ${name}`).toBeLessThanOrEqual(limits[name].packages)
    expect(packed).toBeGreaterThan(5)
  }
})

async function manifest(name: (typeof packageNames)[number]): Promise<object> {
  const text = await run('tar', [
    '--extract',
    '--to-stdout',
    '--file',
    tarballs[name],
    'package/package.json',
  ])
  return JSON.parse(text) as object
}

const script = `
import { pipeline, skip } from '@fairway/core'
import { simulatePush } from '@fairway/core/testing'
import { createWebhook } from '@fairway/core/webhook'
const { outcome } = await simulatePush(() => pipeline().use('stop', () => skip('today')), { after: { a: '1' } })
console.log(outcome.reason, typeof createWebhook)
`

const typed = `
import { type App, gitPull, pipeline, type Push, shouldRebuild } from '@fairway/core'
import { fakeWorld } from '@fairway/core/testing'
import { createWebhook, type Webhook } from '@fairway/core/webhook'
const world = fakeWorld({ path: '/srv/app' })
const deploy = pipeline<{ app: App; push: Push }>()
  .use(gitPull(world))
  .use(shouldRebuild(world))
  .use('tell', ({ pull, rebuild }, { log }) => log.info(\`\${pull.after} \${rebuild.needed}\`))
const steps: readonly string[] = deploy.steps
export const make: (options: Parameters<typeof createWebhook>[0]) => Webhook = createWebhook
console.log(steps.join())
`

const strict = {
  strict: true,
  target: 'es2022',
  module: 'nodenext',
  noEmit: true,
  skipLibCheck: false,
  types: ['node'],
}

/**
 * `pnpm test:packages` also tries pnpm, the server and the command, and other releases of Node, whose binaries are npm packages;
 * `pnpm test` core alone, with npm and the Node that runs it.
 */
const nodes = (process.env['FAIRWAY_NODES'] ?? '').split(',').filter((version) => version !== '')
const isLong = nodes.length > 0
const managers = isLong ? (['npm', 'pnpm'] as const) : (['npm'] as const)

test.each(managers)(
  'core installs with %s, and no script of anybody runs',
  { timeout: 120_000 },
  async (manager) => {
    const project = join(folder, `js-${manager}`)
    await makeConsumer(project, { tarballs, uses: ['core'], files: { 'main.js': script }, manager })
    expect(await run(process.execPath, ['main.js'], { directory: project })).toBe('today function\n')
    // An optional peer: who doesn't judge health doesn't get its 66 packages.
    expect(existsSync(join(project, 'node_modules/dockerode'))).toBe(false)
  },
)

test(
  'core is typed in a plain TypeScript project, its declarations checked, too',
  { timeout: 120_000 },
  async () => {
    const project = join(folder, 'ts')
    const files = {
      'main.ts': typed,
      'tsconfig.json': JSON.stringify({ compilerOptions: strict, files: ['main.ts'] }),
    }
    const others = { typescript: '7.0.2', '@types/node': '22.20.5' }
    await makeConsumer(project, { tarballs, uses: ['core'], files, others })
    expect(await run(join(project, 'node_modules/.bin/tsc'), ['-p', '.'], { directory: project })).toBe('')
    expect(await run(process.execPath, ['main.ts'], { directory: project })).toBe(
      'gitPull,shouldRebuild,tell\n',
    )
  },
)

test('the command serves as it is installed, its pages included', { timeout: 120_000 }, async () => {
  const project = join(folder, 'installed')
  await makeConsumer(project, { tarballs, uses: ['cli'] })
  await withInstalled(project, async (url) => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object }
    expect(Object.keys(document.paths)).toContain('/webhook')
  })
  // What its files are made from says under which license it is.
  const list = await readFile(join(project, 'node_modules/@fairway/cli/bundle/LICENSES.txt'), 'utf8')
  expect(list).toMatch(/^hono \d[^]*MIT License[^]*^zod \d/m)
})

test.each(isLong ? managers : [])(
  'server and command install with %s',
  { timeout: 180_000 },
  async (manager) => {
    const project = join(folder, `cli-${manager}`)
    const files = {
      'main.js': "import { createServer } from '@fairway/server'\nconsole.log(typeof createServer)\n",
    }
    await makeConsumer(project, { tarballs, uses: ['core', 'server', 'cli'], files, manager })
    expect(await run(process.execPath, ['main.js'], { directory: project })).toBe('function\n')
    const { version } = JSON.parse(await readFile(join(root, 'packages/cli/package.json'), 'utf8')) as {
      version: string
    }
    expect(await run(join(project, 'node_modules/.bin/fairway'), ['--version'])).toBe(`${version}\n`)
  },
)

test.each(nodes)('runs on Node %s', { timeout: 180_000 }, async (version) => {
  const project = join(folder, `node-${version}`)
  const node = `node-linux-${process.arch}`
  const files = { 'main.js': script, 'main.ts': typed }
  await makeConsumer(project, {
    tarballs,
    uses: ['core', 'server', 'cli'],
    files,
    others: { [node]: version },
  })
  const binary = join(project, 'node_modules', node, 'bin/node')
  expect(await run(binary, ['--version'])).toMatch(new RegExp(`^v${version}`))
  expect(await run(binary, ['main.js'], { directory: project })).toBe('today function\n')
  expect(await run(binary, ['main.ts'], { directory: project })).toContain('gitPull,shouldRebuild,tell')
  const bin = join(project, 'node_modules/@fairway/cli/bin/fairway.js')
  expect(await run(binary, [bin, 'config', 'schema'], { directory: project })).toContain('fairway.yaml')
})
