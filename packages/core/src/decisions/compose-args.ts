import type { Project } from '../domain/project.ts'

/** The arguments of `docker compose` for each thing that is done with a project. `-p`, `-f` and `--env-file` always, as a `.env` could name others. */
export const composeArgs = {
  config: (project: Project, format: 'json' | 'yaml' = 'json'): readonly string[] => [
    ...always(project),
    'config',
    '--format',
    format,
  ],
  // After `--`, as Compose allows a service called `--push`.
  build: (
    project: Project,
    services: readonly string[],
    {
      overrides = [],
      pull = false,
    }: { readonly overrides?: readonly string[]; readonly pull?: boolean } = {},
  ): readonly string[] => [
    ...always({ ...project, files: [...project.files, ...overrides] }),
    'build',
    ...(pull ? ['--pull'] : []),
    '--',
    ...services,
  ],
  up: (
    project: Project,
    {
      services,
      force = false,
      keep = false,
      offline = false,
    }: {
      readonly services?: readonly string[]
      readonly force?: boolean
      readonly keep?: boolean
      readonly offline?: boolean
    } = {},
  ): readonly string[] => [
    ...always(project),
    'up',
    '-d',
    ...(force ? ['--force-recreate'] : []),
    ...(keep ? ['--no-recreate'] : []),
    ...(offline ? ['--pull', 'never'] : []),
    // With a name alone, `up web` would start what web depends on, too.
    ...(services === undefined ? [] : ['--no-deps', '--no-build', '--', ...services]),
  ],
  wouldTouch: (project: Project, services?: readonly string[]): readonly string[] => [
    ...always(project),
    '--dry-run',
    'up',
    '-d',
    ...(services === undefined ? [] : ['--no-deps', '--no-build', '--', ...services]),
  ],
  // Its container is named, so that it can be found when nobody waits for it any more.
  run: (project: Project, service: string, container: string): readonly string[] => [
    ...always(project),
    'run',
    '--rm',
    '--no-deps',
    '--no-TTY',
    '--name',
    container,
    '--',
    service,
  ],
  restart: (project: Project, services: readonly string[]): readonly string[] => [
    ...always(project),
    'restart',
    '--no-deps',
    '--',
    ...services,
  ],
} as const

function always({ name, directory, files, envFiles, profiles }: Project): readonly string[] {
  return [
    '-p',
    name,
    ...each('-f', files),
    '--project-directory',
    directory,
    // Without one, Compose would look for a `.env` by itself.
    ...each('--env-file', envFiles.length > 0 ? envFiles : ['/dev/null']),
    ...each('--profile', profiles),
    '--ansi',
    'never',
    '--progress',
    'plain',
  ]
}

function each(option: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [option, value])
}
