import fc from 'fast-check'

/** What a commit of a random project has: its services, and the files beside `compose.yaml`. */
export interface Tree {
  readonly services: Readonly<Partial<Record<ServiceName, RandomService>>>
  readonly files: Texts
}

export type Texts = Readonly<Record<string, string>>
export type ServiceName = (typeof serviceNames)[number]

/** What can differ of a service; what it is built from is told by its name. */
export interface RandomService {
  readonly argument: number
  readonly variable: number
  readonly port: number
  readonly replicas: number
  readonly mount: (typeof mounts)[number]
  readonly reads: (typeof sources)[number]
  readonly needs: (typeof needed)[number]
}

/** `tool` has the context of `api`, `worker` the image of `web`, `kid` is built on it, `site` has the whole checkout as its context. */
const serviceNames = ['web', 'api', 'tool', 'kid', 'worker', 'db', 'site'] as const
const mounts = ['nothing', 'conf/one.conf', 'conf', 'own/data.txt'] as const
const sources = ['nothing', 'env_file', 'config', 'secret'] as const
const needed = ['nothing', 'order', 'restart', 'network'] as const

/** One thing that a push changes. */
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never
export type Round = typeof round extends fc.Arbitrary<infer T> ? T : never

const dockerfiles = ['COPY . /www', 'COPY . /www\nUSER nobody', 'COPY . /srv']
const contents: Readonly<Record<string, readonly string[]>> = {
  'a/index.html': ['one', 'two', 'three'],
  'a/lib/util.js': ['one', 'two'],
  'a/notes.md': ['left out', 'left out, too'],
  'a/.dockerignore': ['*.md\n', '*.md\nlib\n', ''],
  'a/Dockerfile': dockerfiles.map((lines) => `FROM local/busybox\n${lines}\n`),
  'b/main.js': ['one', 'two', 'three'],
  'b/Dockerfile': dockerfiles.map((lines) => `FROM local/busybox\nARG LEVEL\n${lines}\n`),
  'kid/page': ['one', 'two'],
  'kid/Dockerfile': dockerfiles.map((lines) => `FROM shop-web\n${lines}\n`),
  'conf/one.conf': ['one', 'two', 'three'],
  'conf/two.conf': ['one', 'two'],
  'shared.env': ['LEVEL=1\n', 'LEVEL=2\nMORE=x\n', 'LEVEL=3\n'],
  'token.txt': ['one', 'two'],
  'docs/readme.md': ['words', 'other words', 'more words'],
}
const needless = ['a/lib/util.js', 'a/notes.md', 'conf/two.conf', 'docs/readme.md']

const service: fc.Arbitrary<RandomService> = fc.record({
  argument: fc.nat(2),
  variable: fc.nat(2),
  port: fc.nat(1),
  replicas: fc.constantFrom(1, 1, 2),
  mount: fc.constantFrom(...mounts),
  reads: fc.constantFrom(...sources),
  needs: fc.constantFrom(...needed),
})
const file = fc.record({
  kind: fc.constant('file' as const),
  name: fc.constantFrom(...Object.keys(contents)),
  text: fc.nat(2),
})
const change = fc.oneof(
  { weight: 6, arbitrary: file },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('service' as const),
      name: fc.constantFrom(...serviceNames),
      to: service,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), name: fc.constantFrom(...serviceNames) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), name: fc.constantFrom(...needless) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('revert' as const), by: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('force' as const), by: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('merge' as const), by: fc.integer({ min: 1, max: 3 }), file }),
  },
)
const byHand = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'nothing' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('untracked' as const),
      name: fc.constantFrom('a/own.txt', 'b/own.txt', 'a/own.md', 'own/data.txt'),
      text: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edited' as const),
      name: fc.constantFrom('a/index.html', 'conf/one.conf', 'shared.env'),
      text: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('stopped' as const, 'removed' as const, 'untagged' as const, 'paused' as const),
      name: fc.constantFrom(...serviceNames),
    }),
  },
)
/** A push, what somebody did by hand before it, and what of its deployment fails. */
const round = fc.record({
  changes: fc.array(change, { maxLength: 3 }),
  byHand,
  fails: fc.oneof(
    { weight: 7, arbitrary: fc.constant('nothing' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'build' as const,
        'second build' as const,
        'up' as const,
        'half up' as const,
        'after up' as const,
        'record' as const,
      ),
    },
  ),
})
const tree: fc.Arbitrary<Tree> = fc
  .record({
    services: fc.record(Object.fromEntries(serviceNames.map((name) => [name, service])), {
      requiredKeys: [],
    }),
    moved: fc.boolean(),
  })
  .map(({ services, moved }) => {
    const files = Object.fromEntries(Object.entries(contents).map(([name, [text = '']]) => [name, text]))
    const first = { services, files }
    return sound(moved ? changeTree(first, { kind: 'move' }, []) : first)
  })

/** A project and what happens to it. */
export const histories = (
  rounds: number,
): fc.Arbitrary<{ readonly first: Tree; readonly rounds: readonly Round[] }> =>
  fc.record({ first: tree, rounds: fc.array(round, { minLength: 1, maxLength: rounds }) })

/** A tree after a change; `past` are those of the commits before, the newest last. */
export function changeTree(now: Tree, given: Change, past: readonly Tree[]): Tree {
  const { services, files } = now
  switch (given.kind) {
    case 'file': {
      const name = whereIs(given.name, files)
      const texts = contents[given.name] ?? []
      return { services, files: { ...files, [name]: texts[given.text % texts.length] ?? '' } }
    }
    case 'service':
      return sound({ services: { ...services, [given.name]: given.to }, files })
    case 'remove':
      return sound({ services: without(services, given.name), files })
    case 'delete':
      return { services, files: without(files, whereIs(given.name, files)) }
    case 'move':
      return {
        services,
        files: Object.fromEntries(Object.entries(files).map(([name, text]) => [placeAfterMove(name), text])),
      }
    case 'revert':
    case 'force':
      return past.at(-given.by) ?? now
    case 'merge':
      return changeTree(now, given.file, past)
  }
}

/** The folder that `web` and `worker` come from is `a`, or `elsewhere/a` where it was moved. */
export function folderOfWeb(files: Texts): string {
  return 'elsewhere/a/Dockerfile' in files ? 'elsewhere/a' : 'a'
}

/** Where a file lies now: those of `a` go along where it is moved. */
export function whereIs(name: string, files: Texts): string {
  return name.startsWith('a/') ? `${folderOfWeb(files)}${name.slice(1)}` : name
}

function placeAfterMove(name: string): string {
  if (name.startsWith('a/')) return `elsewhere/${name}`
  return name.startsWith('elsewhere/') ? name.slice('elsewhere/'.length) : name
}

/** Whoever needs `web` goes with it; a project has at least one service. */
function sound({ services, files }: Tree): Tree {
  const plain: RandomService = {
    argument: 0,
    variable: 0,
    port: 0,
    replicas: 1,
    mount: 'nothing',
    reads: 'nothing',
    needs: 'nothing',
  }
  if (services.web) return { services, files }
  const { kid: _kid, worker: _worker, ...others } = services
  const free = Object.fromEntries(
    Object.entries(others).map(([name, one]) => [name, one && { ...one, needs: 'nothing' as const }]),
  )
  return { services: Object.keys(free).length === 0 ? { db: plain } : free, files }
}

function without<T extends object>(given: T, key: string): T {
  return Object.fromEntries(Object.entries(given).filter(([name]) => name !== key)) as T
}
