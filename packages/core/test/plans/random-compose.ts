import { folderOfWeb, type RandomService, type ServiceName, type Texts, type Tree } from './random-project.ts'

/** Every file of a commit. */
export function filesOf({ services, files }: Tree): Texts {
  return { ...files, 'compose.yaml': `${JSON.stringify(composeOf({ services, files }), null, 2)}\n` }
}

/** What containers of a service are made from, told from the tree and `all` files of its checkout, as a person would. */
export function expectedOf(name: ServiceName, { services, files }: Tree, all: Texts): Expected {
  const service = services[name]
  if (!service) throw new Error(`no ${name}`)
  const source = sourceOf(name, files)
  return {
    image: source ? imageOf(name, { services, files }, all) : 'local/db',
    environment: {
      ...(service.reads === 'env_file' ? readEnvironment(files['shared.env'] ?? '') : {}),
      VARIABLE: `${service.variable}`,
    },
    mounts: {
      ...mounted(service.mount, files, all),
      ...(service.reads === 'config' || service.reads === 'secret'
        ? { 'token.txt': all['token.txt'] ?? '' }
        : {}),
    },
    rest: {
      port: service.port,
      reads: service.reads,
      mount: service.mount,
      network: service.needs === 'network' && name !== 'web',
    },
  }
}

export interface Expected {
  readonly image: string
  readonly environment: Texts
  readonly mounts: Texts
  /** What the configuration says beside. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** Files that say how images are made, lie in no build context of either commit, and differ: they ask for every build (`rebuild.triggers`). */
export function changedTriggers(then: Tree, now: Tree): readonly string[] {
  const contexts = [then, now].flatMap(({ services, files }) =>
    (Object.keys(services) as ServiceName[]).flatMap((name) => sourceOf(name, files)?.context ?? []),
  )
  const isInside = (file: string): boolean =>
    contexts.some((context) => context === '.' || file.startsWith(`${context}/`))
  return Object.keys({ ...then.files, ...now.files }).filter(
    (file) =>
      /(?:^|\/)(?:Dockerfile|\.dockerignore)$/.test(file) &&
      then.files[file] !== now.files[file] &&
      !isInside(file),
  )
}

/** What goes into an image, as text; the engine's double makes the same from the files that it finds on disk. */
export function imageText(parts: {
  readonly files: Texts
  readonly dockerfile: string
  readonly section: unknown
  readonly base: string
}): string {
  const { files, ...others } = parts
  return JSON.stringify([Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1)), others])
}

/** Files of a context without those that its ignore file names: `*.md` and folders at its root, which is all that there is here. */
export function contextFiles(folder: string, all: Texts): Texts {
  const inside = Object.entries(all).flatMap(([name, text]) =>
    folder === '.'
      ? [[name, text] as const]
      : name.startsWith(`${folder}/`)
        ? [[name.slice(folder.length + 1), text] as const]
        : [],
  )
  const patterns = (Object.fromEntries(inside)['.dockerignore'] ?? '').split('\n').filter(Boolean)
  const isLeftOut = (name: string): boolean =>
    patterns.some((pattern) =>
      pattern === '*.md' ? /^[^/]*\.md$/.test(name) : name.startsWith(`${pattern}/`),
    )
  return Object.fromEntries(inside.filter(([name]) => !isLeftOut(name)))
}

export function readEnvironment(text: string): Texts {
  return Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('=') as [string, string]),
  )
}

function imageOf(name: ServiceName, tree: Tree, all: Texts): string {
  const source = sourceOf(name, tree.files) ?? { context: '.', dockerfile: 'Dockerfile' }
  if (name === 'worker') return imageOf('web', tree, all)
  const { context, dockerfile } = source
  return imageText({
    files: contextFiles(context, all),
    dockerfile: all[context === '.' ? dockerfile : `${context}/${dockerfile}`] ?? '',
    section: sectionOf(name, tree),
    base: name === 'kid' ? imageOf('web', tree, all) : '',
  })
}

function sectionOf(name: ServiceName, { services }: Tree): unknown {
  const argument = services[name]?.argument ?? 0
  return argument === 0 ? null : { LEVEL: `${argument}` }
}

function sourceOf(
  name: ServiceName,
  files: Texts,
): { readonly context: string; readonly dockerfile: string } | undefined {
  const dockerfile = 'Dockerfile'
  switch (name) {
    case 'web':
    case 'worker':
      return { context: folderOfWeb(files), dockerfile }
    case 'api':
    case 'tool':
      return { context: 'b', dockerfile }
    case 'kid':
      return { context: 'kid', dockerfile }
    case 'site':
      return { context: '.', dockerfile: 'b/Dockerfile' }
    case 'db':
      return undefined
  }
}

function composeOf({ services, files }: Tree): unknown {
  const entries = Object.entries(services) as [ServiceName, RandomService][]
  return {
    services: Object.fromEntries(
      entries.map(([name, service]) => [name, serviceOf(name, service, { services, files })]),
    ),
    configs: { token: { file: './token.txt' } },
    secrets: { token: { file: './token.txt' } },
  }
}

function serviceOf(name: ServiceName, service: RandomService, tree: Tree): unknown {
  const { variable, port, replicas, mount, reads, needs } = service
  const source = name === 'worker' ? undefined : sourceOf(name, tree.files)
  const image = { worker: 'shop-web', db: 'local/db' }[name as string]
  const args = sectionOf(name, tree)
  const isBehind = name !== 'web' && needs !== 'nothing' && needs !== 'network'
  return {
    ...(source
      ? { build: { ...source, context: `./${source.context}`, ...(args ? { args } : {}) } }
      : { image }),
    environment: { VARIABLE: `${variable}` },
    ...(port === 0 ? {} : { ports: [{ target: 80, published: `${8000 + port}` }] }),
    ...(replicas === 1 ? {} : { deploy: { replicas } }),
    ...(mount === 'nothing' ? {} : { volumes: [`./${mount}:/mounted`] }),
    ...(reads === 'env_file' ? { env_file: ['./shared.env'] } : {}),
    ...(reads === 'config' ? { configs: ['token'] } : {}),
    ...(reads === 'secret' ? { secrets: ['token'] } : {}),
    ...(needs === 'network' && name !== 'web' ? { network_mode: 'service:web' } : {}),
    ...(isBehind
      ? {
          depends_on: { web: { condition: 'service_started', required: true, restart: needs === 'restart' } },
        }
      : {}),
  }
}

/** Of a folder what is tracked in it: a container's own files may live beside. */
function mounted(mount: RandomService['mount'], files: Texts, all: Texts): Texts {
  if (mount === 'nothing') return {}
  if (mount === 'conf')
    return Object.fromEntries(Object.entries(files).filter(([name]) => name.startsWith('conf/')))
  return all[mount] === undefined ? {} : { [mount]: all[mount] }
}
