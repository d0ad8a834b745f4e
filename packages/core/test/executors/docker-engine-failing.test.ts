import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { dockerEngine } from '../../src/executors/docker-engine.ts'

const servers: Server[] = []
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(() => {
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
const caught = async (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

test.each([
  ['no socket', 'unix:///nonexistent/docker.sock', 'there is no socket at /nonexistent/docker.sock'],
  ['nobody listening', 'tcp://127.0.0.1:1', 'nothing listens at 127.0.0.1:1'],
  ['no address', 'nonsense', 'nonsense is no address of an engine'],
])('%s is said in words, with what to do', async (_, endpoint, said) => {
  const engine = dockerEngine({ endpoint })
  for (const question of [engine.version(), engine.containers('shop'), engine.logs('web', 5)]) {
    expect(await caught(question)).toMatchObject({
      code: 'docker_unavailable',
      message: expect.stringContaining(said) as string,
      hint: expect.any(String) as string,
    })
  }
})

test('one that takes the question and says nothing ends with the signal, and when time is up', async () => {
  const endpoint = await serve(() => {})
  const signal = AbortSignal.timeout(200)
  const patient = dockerEngine({ endpoint })
  for (const question of [patient.version({ signal }), patient.containers('shop', { signal })]) {
    await expect(question).rejects.toBe(await caught(patient.logs('web', 5, { signal })))
  }
  await expect(dockerEngine({ endpoint, timeout: 200 }).version()).rejects.toMatchObject({
    code: 'docker_unavailable',
    message: expect.stringContaining('said nothing for 0.2 s') as string,
  })
})

test('an answer that breaks off in the middle does not keep us for ever', async () => {
  const endpoint = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('[', () => response.destroy())
  })
  await expect(dockerEngine({ endpoint, timeout: 500 }).containers('shop')).rejects.toMatchObject({
    code: 'docker_unavailable',
  })
})

test('its refusal is told, as one line', async () => {
  const endpoint = await serve((_, response) => response.writeHead(500).end('{"message":"no\\nspace"}'))
  await expect(dockerEngine({ endpoint }).version()).rejects.toMatchObject({
    code: 'docker_unavailable',
    message: expect.stringMatching(/^The Docker engine refuses: .*no\\nspace$/) as string,
  })
})

test('a container that went away after the list was made is left out', async () => {
  const inspected = {
    Id: 'b',
    Name: '/shop-web-1',
    Image: 'sha256:1',
    Config: { Labels: {} },
    State: { Status: 'running', ExitCode: 0, StartedAt: '2026-01-31T12:00:00Z' },
    HostConfig: {},
  }
  const endpoint = await serve(({ url = '' }, response) => {
    const answer = url.includes('/b/') ? inspected : [{ Id: 'a' }, { Id: 'b' }]
    if (url.includes('/a/')) response.writeHead(404).end('{"message":"No such container: a"}')
    else response.end(JSON.stringify(answer))
  })
  expect(await dockerEngine({ endpoint }).containers('shop')).toMatchObject([{ id: 'b' }])
})

test('asks the engine it was given, whatever DOCKER_HOST says', async () => {
  const endpoint = await serve((_, response) => response.end('{"Version":"1.2.3"}'))
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1')
  expect(await dockerEngine({ endpoint }).version()).toBe('1.2.3')
  await expect(dockerEngine({ endpoint: 'unix:///nonexistent' }).version()).rejects.toThrow('no socket')
  vi.stubEnv('DOCKER_CERT_PATH', '/nonexistent')
  await expect(dockerEngine({ endpoint }).version()).rejects.toMatchObject({ code: 'docker_unavailable' })
})

test('what was wrong is looked at again at the next question', async () => {
  const environment: Record<string, string> = { DOCKER_HOST: 'nonsense' }
  const engine = dockerEngine({ environment })
  await expect(engine.version()).rejects.toThrow('no address')
  environment['DOCKER_HOST'] = await serve((_, response) => response.end('{"Version":"1.2.3"}'))
  expect(await engine.version()).toBe('1.2.3')
})
