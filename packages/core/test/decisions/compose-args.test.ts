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
const start = '-p redshop -f /srv/shop/docker-compose.prod.yml --project-directory /srv/shop'

const commands: readonly (readonly [readonly string[], string])[] = [
  [composeArgs.config(project), `${start} --env-file /srv/shop/.env ${plain} config --format json`],
  [
    composeArgs.build(project, ['web', 'api']),
    `${start} --env-file /srv/shop/.env ${plain} build -- web api`,
  ],
  [composeArgs.up(project), `${start} --env-file /srv/shop/.env ${plain} up -d`],
  [
    composeArgs.build(project, ['web'], { overrides: ['/tmp/labels.json'], pull: true }),
    '-p redshop -f /srv/shop/docker-compose.prod.yml -f /tmp/labels.json --project-directory /srv/shop ' +
      `--env-file /srv/shop/.env ${plain} build --pull -- web`,
  ],
  [
    composeArgs.up(project, { services: ['web', 'api'] }),
    `${start} --env-file /srv/shop/.env ${plain} up -d --no-deps --no-build -- web api`,
  ],
  [
    composeArgs.up(project, { services: ['web'], force: true }),
    `${start} --env-file /srv/shop/.env ${plain} up -d --force-recreate --no-deps --no-build -- web`,
  ],
  [
    composeArgs.up(project, { force: true }),
    `${start} --env-file /srv/shop/.env ${plain} up -d --force-recreate`,
  ],
  [
    composeArgs.up(project, { services: ['web'], offline: true }),
    `${start} --env-file /srv/shop/.env ${plain} up -d --pull never --no-deps --no-build -- web`,
  ],
  [
    composeArgs.wouldTouch(project, ['web']),
    `${start} --env-file /srv/shop/.env ${plain} --dry-run up -d --no-deps --no-build -- web`,
  ],
  [composeArgs.wouldTouch(project), `${start} --env-file /srv/shop/.env ${plain} --dry-run up -d`],
  [
    composeArgs.restart(project, ['web', 'api']),
    `${start} --env-file /srv/shop/.env ${plain} restart --no-deps -- web api`,
  ],
  [
    composeArgs.run(project, 'migrate', 'redshop-migrate-once'),
    `${start} --env-file /srv/shop/.env ${plain} run --rm --no-deps --no-TTY --name redshop-migrate-once -- migrate`,
  ],
  [composeArgs.up({ ...project, envFiles: [] }), `${start} --env-file /dev/null ${plain} up -d`],
  [
    composeArgs.up(several),
    '-p redshop -f /srv/shop/compose.yaml -f /srv/shop/compose.override.yml --project-directory /srv/shop ' +
      `--env-file /srv/shop/a.env --env-file /srv/shop/b.env --profile jobs --profile debug ${plain} up -d`,
  ],
]
test.each(commands)('%#: docker compose %s', (args, command) => {
  expect(args.join(' ')).toBe(command)
})

test('S20, S30: name, files, folder and env file are always given, whatever the environment or a `.env` says', () => {
  for (const args of [
    composeArgs.config({ ...project, envFiles: [] }),
    composeArgs.build(project, ['web']),
    composeArgs.up(project),
    composeArgs.restart(project, ['web']),
    composeArgs.wouldTouch(project, ['web']),
  ]) {
    for (const option of ['-p', '-f', '--project-directory', '--env-file']) {
      expect(args[args.indexOf(option) + 1]).toMatch(/^[^-]/)
    }
  }
})

test('a service that Compose lets be called --push is no option', () => {
  const names = ['--push', '-x']
  expect(composeArgs.build(project, names).slice(-4)).toEqual(['build', '--', ...names])
  expect(composeArgs.up(project, { services: names }).slice(-3)).toEqual(['--', ...names])
  expect(composeArgs.restart(project, names).slice(-3)).toEqual(['--', ...names])
  expect(composeArgs.wouldTouch(project, names).slice(-3)).toEqual(['--', ...names])
})

test('a path with spaces stays one argument', () => {
  const args = composeArgs.up({ ...project, files: ['/srv/my shop/compose.yaml'], directory: '/srv/my shop' })
  expect(args.slice(0, 6)).toEqual([
    '-p',
    'redshop',
    '-f',
    '/srv/my shop/compose.yaml',
    '--project-directory',
    '/srv/my shop',
  ])
})
