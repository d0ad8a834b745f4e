import { expect, test } from 'vitest'
import { composeArgs } from '../../src/decisions/compose-args.ts'
import type { Project } from '../../src/domain/project.ts'

const project: Project = {
  name: 'redshop',
  directory: '/srv/shop',
  files: ['/srv/shop/docker-compose.prod.yml'],
  envFiles: ['/srv/shop/.env'],
  profiles: [],
  environment: { TAG: 'not on the command line' },
}
const several: Project = {
  ...project,
  files: ['/srv/shop/compose.yaml', '/srv/shop/compose.override.yml'],
  envFiles: ['/srv/shop/a.env', '/srv/shop/b.env'],
  profiles: ['jobs', 'debug'],
}
const plain = '--ansi never --progress plain'
const start = 'compose -p redshop -f /srv/shop/docker-compose.prod.yml --project-directory /srv/shop'

const commands: readonly (readonly [readonly string[], string])[] = [
  [composeArgs.config(project), `${start} --env-file /srv/shop/.env ${plain} config --format json`],
  [
    composeArgs.build(project, ['web', 'api']),
    `${start} --env-file /srv/shop/.env ${plain} build -- web api`,
  ],
  [composeArgs.up(project), `${start} --env-file /srv/shop/.env ${plain} up -d`],
  [composeArgs.up({ ...project, envFiles: [] }), `${start} --env-file /dev/null ${plain} up -d`],
  [
    composeArgs.up(several),
    'compose -p redshop -f /srv/shop/compose.yaml -f /srv/shop/compose.override.yml --project-directory /srv/shop ' +
      `--env-file /srv/shop/a.env --env-file /srv/shop/b.env --profile jobs --profile debug ${plain} up -d`,
  ],
]
test.each(commands)('%#: docker %s', (args, command) => {
  expect(args.join(' ')).toBe(command)
})

test('S20, S30: name, files, folder and env file are always given, whatever the environment or a `.env` says', () => {
  for (const args of [
    composeArgs.config({ ...project, envFiles: [] }),
    composeArgs.build(project, ['web']),
    composeArgs.up(project),
  ]) {
    for (const option of ['-p', '-f', '--project-directory', '--env-file']) {
      expect(args[args.indexOf(option) + 1]).toMatch(/^[^-]/)
    }
  }
})

test('a service that Compose lets be called --push is no option', () => {
  expect(composeArgs.build(project, ['--push', '-x']).slice(-4)).toEqual(['build', '--', '--push', '-x'])
})

test('a path with spaces stays one argument', () => {
  const args = composeArgs.up({ ...project, files: ['/srv/my shop/compose.yaml'], directory: '/srv/my shop' })
  expect(args.slice(0, 7)).toEqual([
    'compose',
    '-p',
    'redshop',
    '-f',
    '/srv/my shop/compose.yaml',
    '--project-directory',
    '/srv/my shop',
  ])
})
