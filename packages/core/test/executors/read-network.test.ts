import { expect, test } from 'vitest'
import { readHealthcheck } from '../../src/executors/read-healthcheck.ts'
import { readNetwork } from '../../src/executors/read-network.ts'

const second = 1_000_000_000

test.each<[string, object, object]>([
  ['no healthcheck', {}, {}],
  ['none at all', { Healthcheck: null }, {}],
  ['one without a start period', { Healthcheck: { Interval: second } }, {}],
  [
    'one with a start period alone, the rest being the defaults of the engine',
    { Healthcheck: { StartPeriod: 90 * second } },
    { healthcheck: { startPeriod: 90_000, interval: 30_000, timeout: 30_000 } },
  ],
  [
    'one with all',
    { Healthcheck: { StartPeriod: 90 * second, Interval: second / 2, Timeout: 2 * second } },
    { healthcheck: { startPeriod: 90_000, interval: 500, timeout: 2_000 } },
  ],
])('reads %s', (_, config, expected) => {
  expect(readHealthcheck(config)).toEqual(expected)
})

const read = (Ports: object | null, NetworkMode = 'shop_default') =>
  readNetwork({ HostConfig: { NetworkMode }, NetworkSettings: { Ports } } as Parameters<
    typeof readNetwork
  >[0])

test('reads TCP ports that are published, and where; not those that are only exposed', () => {
  const bindings = [
    { HostIp: '0.0.0.0', HostPort: '32768' },
    { HostIp: '::', HostPort: '32768' },
  ]
  expect(read({ '8080/tcp': bindings, '9000/tcp': null, '53/udp': bindings })).toEqual({
    ports: [
      { port: 8080, publishedAt: '0.0.0.0', publishedPort: 32_768 },
      { port: 8080, publishedAt: '::', publishedPort: 32_768 },
    ],
  })
  expect(read(null)).toEqual({})
})

test("tells a container on the host's network", () => {
  expect(read({}, 'host')).toEqual({ onHostNetwork: true })
})
