import { expect, test } from 'vitest'
import { run } from '../../../scripts/lib/run.ts'
import { fairway, inProcess, serve } from './support.ts'
import { environment, listed, read, setting, type Setting } from './support/setting.ts'

/** An app that has deployed two versions, of which the second one is up. */
async function twoVersions(): Promise<Setting & { readonly commits: readonly string[] }> {
  const made = await setting()
  const { directory, origin } = made
  const head = async (): Promise<string> => (await origin.git('rev-parse', 'HEAD')).trim()
  await deploy(directory)
  const first = await head()
  await origin.commit('second', { 'web/index.html': 'v2\n' })
  await origin.push()
  await deploy(directory)
  return { ...made, commits: [first, await head()] }
}

async function deploy(directory: string): Promise<void> {
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], { directory, environment })
  if (exitCode !== 0) throw new Error(stderr)
}

const command = (directory: string, ...args: readonly string[]) => inProcess(args, { directory, environment })

interface Status {
  readonly apps: readonly {
    readonly deployed: string
    readonly holds: readonly { readonly service: string | null; readonly reason: string }[]
    readonly releases: readonly { readonly commit: string; readonly deployed: boolean }[]
  }[]
}

async function statusOf(directory: string): Promise<Status['apps'][number]> {
  const [app] = (JSON.parse(await read(['status', 'shop', '--json'], directory)) as Status).apps
  if (!app) throw new Error('status shows no app')
  return app
}

test('rollback goes back without the remote, says where, holds what it left, and unhold ends that', async () => {
  const { directory, origin, page, commits } = await twoVersions()
  const [first = '', second = ''] = commits
  expect(await page()).toBe('v2\n')
  await run('mv', [origin.url, `${origin.url}-away`])
  const back = await fairway(['rollback', 'shop'], { directory, environment })
  await run('mv', [`${origin.url}-away`, origin.url])
  expect(back.stderr).toMatch(new RegExp(`Going back with shop to ${first.slice(0, 7)}, .* ago|just now`))
  expect(back.stderr).toMatch(/✔ goBack {2}/)
  expect(back.exitCode).toBe(0)
  expect(await page()).toBe('v1\n')
  const [deployment] = await listed(directory)
  expect(deployment).toMatchObject({ status: 'success', commit: first })
  expect(deployment?.reason).toMatch(new RegExp(`^went back to ${first.slice(0, 7)}: asked for by `))
  expect(await read(['deployments', 'shop'], directory)).toContain(`went back to ${first.slice(0, 7)}`)

  const because = `held because web at ${second.slice(0, 7)} was rolled back: asked for by `
  expect(await read(['status', 'shop'], directory)).toContain(because)
  expect(await read(['plan', 'shop'], directory)).toContain(because)
  expect(JSON.parse(await read(['plan', 'shop', '--json'], directory))).toMatchObject({
    held: expect.stringContaining(because) as string,
  })
  const { deployed, holds, releases } = await statusOf(directory)
  expect(deployed).toBe(first)
  expect(holds).toMatchObject([{ service: 'web', commit: second }])
  expect(releases.map(({ commit, deployed: isIt }) => [commit, isIt])).toEqual([
    [second, false],
    [first, true],
  ])

  const held = await fairway(['deploy', 'shop'], { directory, environment })
  expect(held.exitCode).toBe(1)
  expect(held.stderr).toContain('fairway unhold shop')
  expect(await page()).toBe('v1\n')

  const ended = await command(directory, 'unhold', 'shop')
  expect(ended.exitCode).toBe(0)
  expect(ended.stderr).toContain(`No longer ${because}`)
  await deploy(directory)
  expect(await page()).toBe('v2\n')
}, 240_000)

test('--to takes a deployment or a commit, and says which there are where it is none', async () => {
  const { directory, page, commits } = await twoVersions()
  const [first = '', second = ''] = commits
  const deployments = await listed(directory)
  const unknown = await command(directory, 'rollback', 'shop', '--to', 'deadbeef')
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toContain('no release is of deadbeef')
  expect(unknown.stderr).toContain(first.slice(0, 7))
  // Nothing was asked for.
  expect(await listed(directory)).toEqual(deployments)

  expect((await command(directory, 'rollback', 'shop', '--to', first.slice(0, 7))).exitCode).toBe(0)
  expect(await page()).toBe('v1\n')
  // The short form that the lists show.
  const id = deployments[0]?.id.slice(-8) ?? ''
  const forth = await command(directory, 'rollback', 'shop', '--to', id)
  expect(forth.stderr).toContain(`Going back with shop to ${second.slice(0, 7)}`)
  expect(forth.exitCode).toBe(0)
  expect(await page()).toBe('v2\n')
}, 240_000)

test('beside a server it is the server that goes back, to the release that was said', async () => {
  const { directory, page, commits } = await twoVersions()
  const server = serve([], { directory, environment })
  await server.line(/Listening on/)
  const back = await fairway(['rollback', 'shop'], { directory, environment })
  expect(back.stderr).toContain(`Going back with shop to ${commits[0]?.slice(0, 7)}`)
  expect(back.stderr).toMatch(/is in the hands of the server \(pid \d+\)/)
  expect(back.exitCode).toBe(0)
  expect(await page()).toBe('v1\n')
  await server.stop()
}, 240_000)

test('after the first deploy there is nothing to go back to, which is said', async () => {
  const { directory, page } = await setting()
  await deploy(directory)
  const { exitCode, stderr } = await command(directory, 'rollback', 'shop')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('there is no release before the one that is deployed')
  expect(await page()).toBe('v1\n')
}, 120_000)
