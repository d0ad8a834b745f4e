import { expect, test } from 'vitest'
import { fairway, inProcess, serve } from './support.ts'
import { environment, listed, pushSlowBuild, read, sendPush, setting } from './support/setting.ts'

test('deploy clones, builds, shows steps, reasons and the output of the builder on stderr, and exits 0', async () => {
  const { directory, page } = await setting()
  const { exitCode, stdout, stderr } = await fairway(['deploy', 'shop'], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toBe('')
  for (const step of [
    'lockCheckout',
    'gitPull',
    'lockProject',
    'makePlan',
    'buildImages',
    'applyPlan',
    'waitHealthy',
    'recordDeployed',
  ]) {
    expect(stderr).toMatch(new RegExp(`✔ ${step} {2}\\d+\\.\\d s`))
  }
  expect(stderr).toContain('web: build: web has no image yet')
  expect(stderr).toContain('COPY . /www/')
  expect(stderr).not.toContain('\u001b')
  expect(await page()).toBe('v1\n')
})

test('--ref deploys a tag once, --rebuild builds what has not changed', async () => {
  const { directory, origin, page } = await setting()
  await origin.git('tag', 'v1')
  await origin.git('push', '-q', 'origin', 'v1')
  await origin.commit('second', { 'web/index.html': 'v2\n' })
  await origin.push()
  expect((await inProcess(['deploy', 'shop'], { directory, environment })).exitCode).toBe(0)
  expect(await page()).toBe('v2\n')
  expect((await inProcess(['deploy', 'shop', '--ref', 'v1'], { directory, environment })).exitCode).toBe(0)
  expect(await page()).toBe('v1\n')
  const rebuilt = await inProcess(['deploy', 'shop', '--rebuild'], { directory, environment })
  expect(rebuilt.exitCode).toBe(0)
  expect(rebuilt.stderr).toContain('a rebuild was asked for')
  expect(await page()).toBe('v2\n')
  const unknown = await inProcess(['deploy', 'shop', '--ref', 'nope'], { directory, environment })
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toContain('no branch or tag of that name')
})

test('without a server, deploy writes what it did into the journal', async () => {
  const { directory, origin } = await setting()
  await read(['deploy', 'shop'], directory)
  const [deployment] = await listed(directory)
  const head = (await origin.git('rev-parse', 'HEAD')).trim()
  expect(deployment).toMatchObject({
    app: 'shop',
    status: 'success',
    reason: null,
    commit: head,
    delivery: null,
  })
  const names = deployment?.steps.map(({ name }) => name)
  expect([names?.[0], names?.at(-1)]).toEqual(['lockCheckout', 'prune'])
  const log = await read(['logs', deployment?.id ?? ''], directory)
  expect(log).toContain('COPY . /www/')
  expect(log).toContain('Deployment task for shop finished')
  const status = await read(['status'], directory)
  expect(status).toContain('No server runs with this data directory.')
  expect(status).toMatch(new RegExp(`deployed +${head.slice(0, 7)}`))
  expect(status).toMatch(/container +\S+-web-1 running\n/)
})

test('while one deploy runs, status tells, another one exits 3 and names it, and fairway cancel ends it', async () => {
  const { directory, origin } = await setting()
  await pushSlowBuild(origin, 'v2', 120)
  const started = Promise.withResolvers<void>()
  const first = fairway(['deploy', 'shop'], {
    directory,
    environment,
    output: (line) => line.includes('RUN sleep') && started.resolve(),
  })
  await started.promise
  const status = await read(['status'], directory)
  expect(status).toMatch(/at work +\S{8}, /)
  expect(status).toMatch(/lock +fairway deploy, shop \(pid \d+\)/)

  const second = await fairway(['deploy', 'shop'], { directory, environment })
  expect(second.exitCode).toBe(3)
  expect(second.stderr).toMatch(/its checkout .*checkout is held by fairway deploy, shop \(pid \d+\)/)
  const [refused, running] = await listed(directory)
  expect(refused?.status).toBe('failure')
  expect(refused?.reason).toContain('is held by fairway deploy, shop')

  const cancel = await fairway(['cancel', running?.id ?? ''], { directory, environment })
  expect(cancel.exitCode).toBe(0)
  expect(cancel.stderr).toMatch(/of shop: cancelled after .*: cancelled by /)
  const { exitCode, stderr } = await first
  expect(exitCode).toBe(1)
  expect(stderr).toContain('cancelled by ')
}, 120_000)

test('a server that starts while deploy runs leaves it alone, waits and names it, then deploys', async () => {
  const { directory, origin, page } = await setting()
  await read(['deploy', 'shop'], directory)
  await pushSlowBuild(origin, 'v2', 8)
  const started = Promise.withResolvers<void>()
  const byHand = fairway(['deploy', 'shop'], {
    directory,
    environment,
    output: (line) => line.includes('RUN sleep') && started.resolve(),
  })
  await started.promise
  const server = serve([], { directory, environment })
  await sendPush(server, directory)
  await server.line(/shop waits: its checkout .* is held by fairway deploy, shop \(pid \d+\)/)
  expect((await byHand).exitCode).toBe(0)
  await server.line(/Deployment task for shop finished/)
  expect(await page()).toBe('v2\n')
  await server.stop()
  expect((await listed(directory)).map(({ status }) => status)).toEqual(['success', 'success', 'success'])
}, 120_000)

test('Ctrl-C during a build exits 130, leaves the old version serving, and the next deploy mends it', async () => {
  const { directory, origin, page } = await setting()
  await read(['deploy', 'shop'], directory)
  await pushSlowBuild(origin, 'v2')
  let pid = 0
  let pressed = false
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], {
    directory,
    environment,
    started: (started) => (pid = started),
    output(line) {
      if (pressed || !line.includes('RUN sleep 4')) return
      pressed = true
      process.kill(pid, 'SIGINT')
    },
  })
  expect(exitCode).toBe(130)
  expect(stderr).toContain('Deployment of shop was cancelled at buildImages')
  expect((await listed(directory))[0]).toMatchObject({ status: 'cancelled', reason: 'interrupted' })
  expect(await page()).toBe('v1\n')
  await read(['deploy', 'shop'], directory)
  expect(await page()).toBe('v2\n')
})
