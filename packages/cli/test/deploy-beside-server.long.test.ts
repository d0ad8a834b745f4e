import { expect, test } from 'vitest'
import { fairway, serve } from './support.ts'
import { environment, listed, pushSlowBuild, read, sendPush, setting } from './support/setting.ts'

test('beside a server, deploy has it deploy, shows the log and gives the exit code', async () => {
  const { directory, origin, page } = await setting()
  const server = serve([], { directory, environment })
  await server.line(/Listening on/)
  const first = await fairway(['deploy', 'shop'], { directory, environment })
  expect(first.exitCode).toBe(0)
  expect(first.stdout).toBe('')
  expect(first.stderr).toMatch(/^The deployment \S{8} of shop is in the hands of the server \(pid \d+\)\.\n/)
  expect(first.stderr).toContain('COPY . /www/')
  expect(first.stderr).toMatch(/\nDeployment \S{8} of shop: success after \d+ s \(commit [0-9a-f]{7}\)\n$/)
  await server.line(/Deployment task for shop finished/)
  expect(await page()).toBe('v1\n')

  await origin.commit('broken', { 'web/Dockerfile': 'FROM local/busybox:latest\nRUN exit 7\n' })
  await origin.push()
  const second = await fairway(['deploy', 'shop'], { directory, environment })
  expect(second.exitCode).toBe(1)
  expect(second.stderr).toMatch(/Deployment \S{8} of shop: failure after \d+ s/)
  const [failed] = await listed(directory)
  expect(failed).toMatchObject({ status: 'failure', delivery: null })
})

test('Ctrl-C ends the watching alone, and says how to look again', async () => {
  const { directory, origin, page } = await setting()
  await pushSlowBuild(origin, 'v2')
  const server = serve([], { directory, environment })
  await server.line(/Listening on/)
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
  const [, id = ''] = /goes on\. To look at it: fairway logs (\S+) --follow\n/.exec(stderr) ?? []
  const log = await read(['logs', id, '--follow'], directory)
  expect(log).toContain('Deployment task for shop finished')
  expect(log).toMatch(/\nDeployment \S{8} of shop: success after .*\n$/)
  expect(await page()).toBe('v2\n')
})

test('a server that is killed meanwhile: the command runs the deployment to its end', async () => {
  const { directory, origin, page } = await setting()
  await pushSlowBuild(origin, 'v2')
  let serverPid = 0
  const server = serve([], { directory, environment, started: (pid) => (serverPid = pid) })
  await server.line(/Listening on/)
  let killed = false
  const { exitCode, stderr } = await fairway(['deploy', 'shop'], {
    directory,
    environment,
    output(line) {
      if (killed || !line.includes('RUN sleep 4')) return
      killed = true
      process.kill(serverPid, 'SIGKILL')
    },
  })
  expect(stderr).toMatch(/No server runs: deployment \S{8} of shop runs in this process\./)
  expect(exitCode).toBe(0)
  expect(await page()).toBe('v2\n')
  const all = await listed(directory)
  expect(all).toMatchObject([{ status: 'success', attempt: 2 }])
})

test('replay processes a delivery again, beside a server and without one', async () => {
  const { directory, origin, page } = await setting()
  const server = serve([], { directory, environment })
  await sendPush(server, directory)
  await server.line(/Deployment task for shop finished/)
  const [delivery] = JSON.parse(await read(['deliveries', '--json'], directory)) as { id: string }[]
  const id = delivery?.id.slice(0, 8) ?? ''

  await origin.commit('second', { 'web/index.html': 'v2\n' })
  await origin.push()
  const beside = await fairway(['replay', id], { directory, environment })
  expect(beside.stderr).toMatch(
    /^Made deployment \S{8} of shop: the server \(pid \d+\) has it in its queue\.\n/,
  )
  expect(beside.exitCode).toBe(0)
  expect(await page()).toBe('v2\n')

  await server.stop()
  await origin.commit('third', { 'web/index.html': 'v3\n' })
  await origin.push()
  const alone = await fairway(['replay', id], { directory, environment })
  expect(alone.stderr).toMatch(/^Made deployment \S{8} of shop: no server runs\.\n/)
  expect(alone.stderr).toContain('✔ recordDeployed')
  expect(alone.exitCode).toBe(0)
  expect(await page()).toBe('v3\n')
  expect((await listed(directory)).map(({ status }) => status)).toEqual(['success', 'success', 'success'])
})
