import { appendFile, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { fairway, folder, secret, serve } from './support.ts'

const config =
  'server: { port: 0 }\napps:\n  shop:\n    repository: acme/shop\n    branch: main\n    path: ./shop\n'
const environment = { GITHUB_WEBHOOK_SECRET: secret }
const address = /Listening on (http:\/\/\S+)/

test('serves, takes a signed push from send, and ends with 0 at SIGTERM', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const server = serve([], { directory, environment })
  const [, url = ''] = address.exec(await server.line(address)) ?? []
  const sent = await fairway(['send', '--url', `${url}/webhook`, '--repo', 'acme/shop'], {
    directory,
    environment,
  })
  expect(sent.exitCode).toBe(0)
  expect(JSON.parse(sent.stdout)).toMatchObject({ deployments: [{ app: 'shop', status: 'queued' }] })
  expect(sent.stderr).toContain('202')
  await server.line(/Git pull failed for shop/)

  await writeFile(join(directory, 'secret'), 'not the right secret at all\n')
  const wrong = await fairway(
    ['send', '--url', `${url}/webhook`, '--repo', 'acme/shop', '--secret-file', 'secret'],
    { directory },
  )
  expect(wrong.exitCode).toBe(1)
  expect(JSON.parse(wrong.stdout)).toEqual({ detail: 'Invalid signature' })

  const lock = JSON.parse(await readFile(join(directory, '.fairway/server.lock'), 'utf8')) as {
    pid: number
    address: string
  }
  expect(lock.address).toBe(url)
  expect((await stat(join(directory, '.fairway'))).mode & 0o777).toBe(0o700)
  process.kill(lock.pid, 'SIGTERM')
  expect((await server.ended).exitCode).toBe(0)
  await expect(stat(join(directory, '.fairway/server.lock'))).rejects.toThrow('ENOENT')
  const log = await readFile(join(directory, 'webhook_server.log'), 'utf8')
  expect(log).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - INFO - Webhook request received\.$/m)
  expect(log).not.toContain(secret)
})

test('a second server on the same data directory exits 3 and says who has it; free again after kill -9', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const first = serve([], { directory, environment })
  await first.line(address)
  const { pid } = JSON.parse(await readFile(join(directory, '.fairway/server.lock'), 'utf8')) as {
    pid: number
  }
  const second = await fairway(['serve'], { directory, environment })
  expect(second.exitCode).toBe(3)
  expect(second.stderr).toContain(`in use by fairway serve (pid ${pid}`)
  process.kill(pid, 'SIGKILL')
  await first.ended
  await serve([], { directory, environment }).line(address)
})

test('a port that is taken exits 3', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const [, url = ''] = address.exec(await serve([], { directory, environment }).line(address)) ?? []
  const other = await folder({ 'fairway.yaml': config })
  const { exitCode, stderr } = await fairway(['serve', '--port', new URL(url).port], {
    directory: other,
    environment,
  })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('EADDRINUSE')
})

test('without a secret it refuses to start, with 2', async () => {
  const { exitCode, stderr } = await fairway(['serve'], {
    directory: await folder({ 'fairway.yaml': config }),
  })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('webhook.secrets')
})

test('with --log json every line is JSON', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const server = serve(['--log', 'json'], { directory, environment })
  await server.line(/Listening/)
  const port = new URL(address.exec(server.lines.join('\n'))?.[1]?.replace(/".*/, '') ?? 'http://x').port
  await fairway(['send', '--url', `http://127.0.0.1:${port}/webhook`, '--repo', 'acme/shop'], {
    directory,
    environment,
  })
  await server.line(/"onFailure"/)
  const lines = server.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.filter(({ message }) => message === 'delivery')).toHaveLength(1)
  expect(
    lines
      .filter(({ message }) => message === 'step')
      .map(({ step, status }) => `${String(step)} ${String(status)}`),
  ).toEqual([
    'lockCheckout success',
    'refuseOwnCheckout success',
    'refuseHeld success',
    'gitPull failure',
    'rollBack skipped',
    'onFailure success',
  ])
})

test.each(['text', 'json'])(
  'F31: a %s log that is rotated away by rename while the server works loses no line',
  async (format) => {
    const directory = await folder({ 'fairway.yaml': config })
    const server = serve(['--log', format], { directory, environment })
    const url = /http:\/\/[\w.:]+/.exec(await server.line(address))?.[0] ?? ''
    const log = join(directory, 'webhook_server.log')
    const push = async (): Promise<void> => {
      const { headers, body } = signedDelivery({ secret, payload: pushPayload() })
      const answer = await fetch(`${url}/webhook`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      })
      expect(answer.status).toBe(202)
    }
    const rotated = [1, 2, 3, 4].map((number) => `${log}.${number}`)
    for (const name of rotated) {
      const pushes = Promise.all(Array.from({ length: 10 }, push))
      await rename(log, name)
      await pushes
      // Its lines make the next file, should those above have been faster than the rename.
      await push()
    }
    await server.stop()
    const written = await Promise.all([...rotated, log].map((name) => readFile(name, 'utf8')))
    expect(written.filter((text) => text !== '').length).toBeGreaterThan(2)
    expect(written.join('')).toBe(`${server.lines.join('\n')}\n`)
  },
)

test('--reload starts again when the configuration changes, waits for a mended one, and ends with 0', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const server = serve(['--reload'], { directory, environment })
  await server.line(address)
  await appendFile(join(directory, 'fairway.yaml'), 'nonsense: 1\n')
  await server.line(/waiting for a change/)
  await writeFile(join(directory, 'fairway.yaml'), config.replace('port: 0', 'port: 0, statusPage: false'))
  await expect
    .poll(() => server.lines.filter((line) => address.test(line)).length, { timeout: 20_000 })
    .toBe(2)
  await server.stop()
})
