import { expect, test } from 'vitest'
import { parseProbe, type ProbeTarget } from '../../src/decisions/parse-probe.ts'
import { probeQuestions } from '../../src/decisions/probe-questions.ts'
import type { Container } from '../../src/domain/container.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

const target = parseProbe('http://web:8080/healthz') as ProbeTarget
const local = 'unix:///run/docker.sock'
const published = (publishedAt: string, publishedPort = 32_768) => ({
  ports: [
    { port: 9999, publishedAt, publishedPort: 1 },
    { port: 8080, publishedAt, publishedPort },
  ],
})
const addresses = ['172.18.0.2', 'fd00::2']

test.each<[string, Partial<Container>, { engine?: string; isContained?: boolean }, readonly string[]]>([
  ['its own addresses', { addresses }, {}, ['172.18.0.2:8080', 'fd00::2:8080']],
  [
    'its own addresses, then the port that is published on every address',
    { addresses: ['172.18.0.2'], ...published('0.0.0.0') },
    {},
    ['172.18.0.2:8080', '127.0.0.1:32768 forwarded'],
  ],
  [
    'a port published on one address of this machine',
    { addresses: [], ...published('192.0.2.7', 80) },
    {},
    ['192.0.2.7:80 forwarded'],
  ],
  [
    "the host's loopback for one on the host's network",
    { addresses: [], onHostNetwork: true },
    {},
    ['127.0.0.1:8080'],
  ],
  ['nothing for one without any network', { addresses: [] }, {}, []],
  [
    'from inside a container no loopback, which is its own',
    { addresses: ['172.18.0.2'], ...published('127.0.0.1') },
    { isContained: true },
    ['172.18.0.2:8080'],
  ],
  [
    'from inside a container no network of the host',
    { addresses: [], onHostNetwork: true },
    { isContained: true },
    [],
  ],
  [
    'of an engine elsewhere the port it publishes there, as its networks mean something else here',
    { addresses, ...published('0.0.0.0') },
    { engine: 'ssh://ops@far.example' },
    ['far.example:32768 forwarded'],
  ],
  [
    'of an engine elsewhere not what that publishes for itself alone',
    { addresses, ...published('127.0.0.1') },
    { engine: 'tcp://far.example:2376' },
    [],
  ],
  [
    'of an engine behind a port of this machine its addresses',
    { addresses: ['172.18.0.2'] },
    { engine: 'tcp://127.0.0.1:2375' },
    ['172.18.0.2:8080'],
  ],
])('asks at %s', (_, changes, { engine = local, isContained = false }, expected) => {
  const container = fakeContainer({ service: 'web', ...changes })
  const questions = probeQuestions({ target, container, engine, isContained })
  expect(
    questions.map(({ host, port, isForwarded }) => `${host}:${port}${isForwarded ? ' forwarded' : ''}`),
  ).toEqual(expected)
})

test('calls the host as the service is called, with the port that the app knows', () => {
  const container = fakeContainer({ service: 'web', addresses: ['172.18.0.2'], ...published('0.0.0.0') })
  for (const question of probeQuestions({ target, container, engine: local, isContained: false })) {
    expect(question).toMatchObject({ protocol: 'http', path: '/healthz', hostHeader: 'web:8080' })
  }
})
