import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { askCopy, askDryRun } from './compose-oracle.ts'

vi.setConfig({ testTimeout: 300_000 })

const idle = 'image: local/busybox:latest, command: sleep 3600, init: true, stop_grace_period: 0s'
const built = 'init: true, stop_grace_period: 0s'
const dockerfile = 'FROM local/busybox:latest\nCOPY . /www/\nCMD ["sleep", "3600"]\n'
const level = (value: number): string => `environment: { LEVEL: ${value} }`
const services = (...lines: readonly string[]): string =>
  ['services:', ...lines.map((line) => `  ${line}`), ''].join('\n')

/** What a plan touches is what Compose touches. */
function expectSame(
  { plan, compose, left }: Awaited<ReturnType<typeof askDryRun>>,
  actions: Awaited<ReturnType<typeof askDryRun>>['plan'],
): void {
  expect(plan).toEqual(actions)
  expect(compose).toEqual(Object.keys(plan).toSorted())
  expect(left).toEqual([])
}

test('profiles: only what is chosen', async () => {
  const compose = (value: number): string =>
    services(
      `web: { ${idle} }`,
      `tools: { ${idle}, profiles: [tools], ${level(value)} }`,
      `other: { ${idle}, profiles: [other], ${level(value)} }`,
    )
  const told = await askDryRun({
    before: { 'compose.yaml': compose(1) },
    after: { 'compose.yaml': compose(2) },
    app: { compose: { profiles: ['tools'] } },
    flags: ['--profile', 'tools'],
  })
  expectSame(told, { tools: 'recreate' })
})

test('several files: the later one wins', async () => {
  const told = await askDryRun({
    before: {
      'base.yaml': services(`web: { ${idle}, ${level(0)} }`, `api: { ${idle}, ${level(0)} }`),
      'prod.yaml': services(`web: { ${level(1)} }`),
    },
    // What the later file overrides changes nothing.
    after: { 'base.yaml': services(`web: { ${idle}, ${level(7)} }`, `api: { ${idle}, ${level(7)} }`) },
    app: { compose: { files: ['base.yaml', 'prod.yaml'] } },
    flags: ['--file', 'base.yaml', '--file', 'prod.yaml'],
  })
  expectSame(told, { api: 'recreate' })
})

test('extends: what a service is made from changes it', async () => {
  const told = await askDryRun({
    before: {
      'compose.yaml': services('web: { extends: { file: common.yaml, service: base } }', `api: { ${idle} }`),
      'common.yaml': services(`base: { ${idle}, ${level(1)} }`, `unused: { ${idle}, ${level(1)} }`),
    },
    after: { 'common.yaml': services(`base: { ${idle}, ${level(2)} }`, `unused: { ${idle}, ${level(1)} }`) },
  })
  expectSame(told, { web: 'recreate' })
})

test('include: services of other files', async () => {
  const told = await askDryRun({
    before: {
      'compose.yaml': `include: [more/compose.yaml]\n${services(`web: { ${idle} }`)}`,
      'more/compose.yaml': services(`api: { ${idle}, env_file: [api.env] }`, `db: { ${idle} }`),
      'more/api.env': 'LEVEL=1\n',
    },
    after: { 'more/api.env': 'LEVEL=2\n' },
  })
  expectSame(told, { api: 'recreate' })
})

test('anchors and x- keys: they count where they are used', async () => {
  const compose = (used: number, unused: number): string =>
    `x-used: &used { LEVEL: ${used} }\nx-unused: &unused { LEVEL: ${unused} }\n${services(
      `web: { ${idle}, environment: { <<: *used, OWN: 1 } }`,
      `api: { ${idle}, environment: *used }`,
      `db: { ${idle} }`,
    )}`
  const told = await askDryRun({
    before: { 'compose.yaml': compose(1, 1) },
    after: { 'compose.yaml': compose(2, 1) },
  })
  expectSame(told, { web: 'recreate', api: 'recreate' })
  expectSame(
    await askDryRun({ before: { 'compose.yaml': compose(1, 1) }, after: { 'compose.yaml': compose(1, 2) } }),
    {},
  )
})

test('scale and deploy.replicas: containers come and go, and the others stay', async () => {
  const compose = (web: number, api: number): string =>
    services(
      `web: { ${idle}, scale: ${web} }`,
      `api: { ${idle}, deploy: { replicas: ${api} } }`,
      `db: { ${idle} }`,
    )
  const told = await askDryRun({
    before: { 'compose.yaml': compose(1, 2) },
    after: { 'compose.yaml': compose(2, 1) },
  })
  expectSame(told, { web: 'start', api: 'start' })
})

test('a service that is new, beside one without any change', async () => {
  const told = await askDryRun({
    before: { 'compose.yaml': services(`web: { ${idle} }`) },
    after: { 'compose.yaml': services(`web: { ${idle} }`, `api: { ${idle} }`) },
  })
  expectSame(told, { api: 'start' })
})

test('depends_on with restart: Compose makes dependants anew that did not change, the plan restarts the one that asks for it', async () => {
  const compose = (value: number): string =>
    services(
      `db: { ${idle}, ${level(value)} }`,
      `web: { ${idle}, depends_on: { db: { condition: service_started, restart: true } } }`,
      `api: { ${idle}, depends_on: [db] }`,
    )
  const {
    plan,
    compose: touched,
    left,
  } = await askDryRun({ before: { 'compose.yaml': compose(1) }, after: { 'compose.yaml': compose(2) } })
  expect(plan).toEqual({ db: 'recreate', web: 'restart' })
  expect(touched).toEqual(expect.arrayContaining(['db', 'web']))
  expect(left).toEqual([])
})

test('network_mode service:x: who lives in a container goes with it', async () => {
  const compose = (value: number): string =>
    services(
      `web: { ${idle}, ${level(value)} }`,
      `side: { ${idle}, network_mode: "service:web" }`,
      `db: { ${idle} }`,
    )
  const told = await askDryRun({
    before: { 'compose.yaml': compose(1) },
    after: { 'compose.yaml': compose(2) },
  })
  expectSame(told, { web: 'recreate', side: 'recreate' })
})

test('one-shots: Compose runs one again that is done, the plan only one that differs', async () => {
  const once = 'image: local/busybox:latest, command: "true"'
  const compose = (value: number): string =>
    services(`done: { ${once} }`, `again: { ${once}, ${level(value)} }`, `web: { ${idle} }`)
  const { plan, compose: touched } = await askDryRun({
    before: { 'compose.yaml': compose(1) },
    after: { 'compose.yaml': compose(2) },
  })
  expect(plan).toEqual({ again: 'recreate' })
  expect(touched).toEqual(['again', 'done'])
})

test('every key of a service: those that ask for a new container, and those that do not', async () => {
  const keys: Readonly<Record<string, readonly [string, string]>> = {
    labels: ['{ a: "1" }', '{ a: "2" }'],
    hostname: ['one', 'two'],
    restart: ['no', 'on-failure'],
    healthcheck: ['{ test: "true", interval: 1s }', '{ test: "true", interval: 2s }'],
    cap_add: ['[NET_RAW]', '[SYS_TIME]'],
    tmpfs: ['[/one]', '[/two]'],
    ulimits: ['{ nofile: 1000 }', '{ nofile: 2000 }'],
    logging: ['{ options: { max-size: 1m } }', '{ options: { max-size: 2m } }'],
    deploy: ['{ resources: { limits: { memory: 64M } } }', '{ resources: { limits: { memory: 65M } } }'],
    volumes: ['["/one"]', '["/two"]'],
    networks: ['{ default: { aliases: [one] } }', '{ default: { aliases: [two] } }'],
    expose: ['["80"]', '["81"]'],
    sysctls: ['{ net.ipv4.ip_unprivileged_port_start: 80 }', '{ net.ipv4.ip_unprivileged_port_start: 81 }'],
    depends_on: ['[labels]', '[hostname]'],
    profiles: ['[]', '[""]'],
    pull_policy: ['missing', 'never'],
    'x-own': ['one', 'two'],
  }
  const compose = (at: 0 | 1): string =>
    services(
      ...Object.entries(keys).map(
        ([key, values]) =>
          `${key.replace('x-', 'x')}: { ${idle}, ${key}: ${key === 'restart' ? `"${values[at]}"` : values[at]} }`,
      ),
    )
  const {
    plan,
    compose: touched,
    left,
  } = await askDryRun({ before: { 'compose.yaml': compose(0) }, after: { 'compose.yaml': compose(1) } })
  // Compose 2.26 has profiles in its digest, and takes along what depends on a new container, though no container shows either.
  const isShown = (name: string): boolean => name !== 'profiles' && name !== 'depends_on'
  const seen = touched.filter(isShown)
  expect(Object.keys(plan).toSorted()).toEqual(seen)
  expect(touched).not.toContain('pull_policy')
  expect(left.filter(isShown)).toEqual([])
})

test('build: . in the short form', async () => {
  const unique = randomUUID()
  const told = await askCopy({
    before: {
      'compose.yaml': services(`web: { build: ., ${built} }`, `db: { ${idle} }`),
      Dockerfile: dockerfile,
      page: unique,
    },
    after: { page: `${unique} two` },
  })
  expectSame(told, { web: 'build' })
})

test('several services from one image: all that run it', async () => {
  const unique = randomUUID()
  const image = `local/fairway-oracle-${process.pid}`
  const told = await askCopy({
    before: {
      'compose.yaml': services(
        `web: { build: app, image: "${image}", ${built} }`,
        `worker: { image: "${image}", ${built} }`,
        `db: { ${idle} }`,
      ),
      'app/Dockerfile': dockerfile,
      'app/page': unique,
    },
    after: { 'app/page': `${unique} two` },
  })
  expectSame(told, { web: 'build', worker: 'recreate' })
})

test('several services from one context: both where it changed, one where its argument did', async () => {
  const unique = randomUUID()
  const compose = (argument: number): string =>
    services(
      `web: { build: app, ${built} }`,
      `api: { build: { context: app, args: { LEVEL: ${argument} } }, ${built} }`,
    )
  const before = {
    'compose.yaml': compose(1),
    'app/Dockerfile': dockerfile.replace('COPY', 'ARG LEVEL\nRUN echo "$LEVEL" > /level\nCOPY'),
    'app/page': unique,
  }
  expectSame(await askCopy({ before, after: { 'app/page': `${unique} two` } }), {
    web: 'build',
    api: 'build',
  })
  expectSame(await askCopy({ before, after: { 'compose.yaml': compose(2) } }), { api: 'build' })
})
