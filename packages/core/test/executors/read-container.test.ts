import type { ContainerInspectInfo } from 'dockerode'
import { expect, test } from 'vitest'
import { readContainer } from '../../src/executors/read-container.ts'

/** What the Engine says of a container, with whatever differs. */
function inspected({ State = {}, HostConfig = {}, Config = {}, ...rest }: Record<string, unknown>) {
  return {
    Id: 'c1',
    Name: '/shop-web-1',
    Image: 'sha256:1',
    RestartCount: 2,
    State: { Status: 'running', ExitCode: 0, StartedAt: '2026-01-31T12:00:00Z', ...(State as object) },
    HostConfig: { RestartPolicy: { Name: 'always' }, PortBindings: {}, ...(HostConfig as object) },
    Config: { Labels: { 'com.docker.compose.service': 'web' }, ...(Config as object) },
    ...rest,
  } as unknown as ContainerInspectInfo
}

test('reads a container', () => {
  expect(readContainer(inspected({}))).toEqual({
    id: 'c1',
    name: 'shop-web-1',
    service: 'web',
    image: 'sha256:1',
    state: 'running',
    exitCode: 0,
    restartCount: 2,
    startedAt: '2026-01-31T12:00:00Z',
    restartPolicy: 'always',
    publishesPort: false,
    addresses: [],
  })
})

test.each([
  ['health', { State: { Health: { Status: 'starting' } } }, { health: 'starting' }],
  ['an exit code', { State: { Status: 'exited', ExitCode: 137 } }, { state: 'exited', exitCode: 137 }],
  ['a published port', { HostConfig: { PortBindings: { '80/tcp': [{}] } } }, { publishesPort: true }],
  ['no ports at all', { HostConfig: { PortBindings: null } }, { publishesPort: false }],
  ['no restart policy by name', { HostConfig: { RestartPolicy: { Name: '' } } }, { restartPolicy: 'no' }],
  ['no restart policy', { HostConfig: { RestartPolicy: null } }, { restartPolicy: 'no' }],
  ['no count of restarts', { RestartCount: undefined }, { restartCount: 0 }],
  ['no labels', { Config: { Labels: null } }, { service: '' }],
  [
    'the digest of its configuration',
    { Config: { Labels: { 'com.docker.compose.config-hash': 'abc' } } },
    { configHash: 'abc' },
  ],
  [
    'its addresses in every network',
    {
      NetworkSettings: {
        Networks: {
          a: { IPAddress: '172.18.0.2', GlobalIPv6Address: '' },
          b: { IPAddress: '172.19.0.2', GlobalIPv6Address: 'fd00::2' },
        },
      },
    },
    { addresses: ['172.18.0.2', '172.19.0.2', 'fd00::2'] },
  ],
  [
    'no addresses of one that does not run',
    { NetworkSettings: { Networks: { a: { IPAddress: '' } } } },
    { addresses: [] },
  ],
  [
    'what its healthcheck said last',
    { State: { Health: { Status: 'unhealthy', Log: [{ Output: 'fine\n' }, { Output: 'refused\n' }] } } },
    { healthOutput: 'refused' },
  ],
  ["a state of podman's own", { State: { Status: 'initialized' } }, { state: 'created' }],
])('reads %s', (_, changes, expected) => {
  expect(readContainer(inspected(changes))).toMatchObject(expected)
})

test.each([[undefined], [{ Status: 'none' }], [{ Status: '' }], [null]])('%j is no health', (Health) => {
  expect(readContainer(inspected({ State: { Health } }))).not.toHaveProperty('health')
})

test.each([[{ Status: 'healthy' }], [{ Status: 'healthy', Log: null }], [{ Status: 'healthy', Log: [] }]])(
  '%j said nothing',
  (Health) => {
    expect(readContainer(inspected({ State: { Health } }))).not.toHaveProperty('healthOutput')
  },
)
