import type { Project } from '../domain/project.ts'

/** The arguments of `docker` for each thing that is done with a project. `-p`, `-f` and `--env-file` always, as a `.env` could name others. */
export const composeArgs = {
  config: (project: Project, format: 'json' | 'yaml' = 'json'): readonly string[] => [
    ...compose(project),
    'config',
    '--format',
    format,
  ],
  // After `--`, as Compose allows a service called `--push`.
  build: (project: Project, services: readonly string[]): readonly string[] => [
    ...compose(project),
    'build',
    '--',
    ...services,
  ],
  // Without service names: `up web` would start only web and what it depends on.
  up: (project: Project): readonly string[] => [...compose(project), 'up', '-d'],
} as const

function compose({ name, directory, files, envFiles, profiles }: Project): readonly string[] {
  return [
    'compose',
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
