import { dirname, isAbsolute, join } from 'node:path'
import type { App } from '../domain/app.ts'
import type { Project } from '../domain/project.ts'
import { DeployError } from '../errors.ts'

/** Compose's own names for its file, in its order, and for what it adds to them (Compose specification). */
const standardFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrideFiles = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** Every file that `selectProject` may ask about, relative to the checkout. */
export function projectCandidates({ compose }: App): readonly string[] {
  const beside = [compose.files, compose.debug].flatMap(([first]) =>
    first === undefined ? [] : [envBeside(first)],
  )
  return [
    ...compose.files,
    ...compose.debug,
    ...standardFiles,
    ...overrideFiles,
    ...compose.envFiles,
    '.env',
    ...beside,
  ]
}

/** Which Compose files, env files and project name a checkout is deployed with; `env` is its `.env`, `exists` asks for one of `projectCandidates`. */
export function selectProject(
  app: App,
  env: Readonly<Record<string, string>>,
  exists: (file: string) => boolean,
): Project {
  const at = (file: string): string => (isAbsolute(file) ? file : join(app.path, file))
  const selected = selectFiles(app, env, exists)
  const files = selected.map(at)
  const envFiles =
    app.compose.envFiles.length > 0
      ? app.compose.envFiles.filter(exists)
      : ['.env', envBeside(selected[0] ?? '')].filter(exists).slice(0, 1)
  return {
    name: projectName(app, env),
    directory: dirname(files[0] ?? app.path),
    files,
    envFiles: envFiles.map(at),
    profiles: app.compose.profiles,
    environment: app.compose.environment,
  }
}

/** The one that Compose itself would read. */
function envBeside(file: string): string {
  return join(dirname(file), '.env')
}

function selectFiles(
  { name, path, compose }: App,
  env: Readonly<Record<string, string>>,
  exists: (file: string) => boolean,
): readonly string[] {
  const key = env['DEBUG']?.toLowerCase() === 'true' ? 'debug' : 'files'
  const wanted = compose[key]
  const there = wanted.filter(exists)
  if (there.length > 0 && there.length === wanted.length) return wanted
  if (there.length > 0) {
    const missing = wanted.filter((file) => !exists(file))
    throw new DeployError(
      'compose_invalid',
      `Cannot deploy ${name}: ${missing.join(', ')} is not in ${path}`,
      {
        hint: `Add it to the repository, or take it out of \`compose.${key}\``,
      },
    )
  }
  const standard = standardFiles.find(exists)
  if (standard === undefined) {
    throw new DeployError('compose_invalid', `Cannot deploy ${name}: there is no Compose file in ${path}`, {
      hint: `Tried ${[...wanted, ...standardFiles].join(', ')}; set \`compose.${key}\` of the app`,
    })
  }
  // Compose reads an override beside its standard file by itself, but not once a file is named with -f.
  const override = overrideFiles.find(exists)
  return override === undefined ? [standard] : [standard, override]
}

/** Colour and project name in one, lower-cased; refused in words where Compose would refuse it, or take the folder's name instead. */
export function projectName(
  app: Pick<App, 'name' | 'project' | 'color'>,
  env: Readonly<Record<string, string>> = {},
): string {
  const color = env['COLOR'] ?? app.color ?? ''
  const name = `${color}${app.project}`.toLowerCase()
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return name
  throw new DeployError(
    'project_name_invalid',
    `Cannot deploy ${app.name}: ${JSON.stringify(name)} (COLOR ${JSON.stringify(color)}, project ${JSON.stringify(app.project)}) is no name for a Compose project`,
    { hint: 'Use letters, digits, - and _, beginning with a letter or digit' },
  )
}
