import { expect, test } from 'vitest'
import { readReferences, type References } from '../../src/decisions/read-references.ts'
import { readYaml } from '../../src/decisions/read-yaml.ts'

function references(yaml: string): References {
  const read = readYaml(yaml, 1_000)
  if (!('documents' in read)) throw new Error(read.refused)
  return readReferences(read.documents[0], '/srv/shop')
}

/** `key path`, and for a Compose file the folder that its own paths begin in. */
function told(yaml: string): readonly string[] {
  return references(yaml).local.map(({ key, path, compose }) =>
    [key, path, ...(compose ? [`in ${compose.directory}`] : [])].join(' '),
  )
}

const rows: readonly (readonly [name: string, yaml: string, expected: readonly string[]])[] = [
  ['nothing', '', []],
  ['an image', 'services: { web: { image: x } }', []],
  ['what is nonsense', 'services: [1]\ninclude: { a: 1 }\nconfigs: x', []],
  [
    'an include, and the .env beside it',
    'include: [sub/compose.yaml]',
    ['include /srv/shop/sub/compose.yaml in /srv/shop/sub', 'include.env_file /srv/shop/sub/.env'],
  ],
  [
    'a long include',
    'include: [{ path: [sub/a.yml, ../b.yml], env_file: x.env, project_directory: own }]',
    [
      'include /srv/shop/sub/a.yml in /srv/shop/own',
      'include /srv/b.yml in /srv/shop/own',
      'include.env_file /srv/shop/x.env',
    ],
  ],
  [
    'extends, its own file aside',
    'services: { a: { extends: { file: base/a.yml, service: x } }, b: { extends: a }, c: { extends: { service: a } } }',
    ['services.a.extends.file /srv/shop/base/a.yml in /srv/shop/base'],
  ],
  [
    'every form of env_file',
    'services: { a: { env_file: a.env }, b: { env_file: [b.env, /etc/c.env, { path: d.env, required: false }] } }',
    [
      'services.a.env_file /srv/shop/a.env',
      'services.b.env_file /srv/shop/b.env',
      'services.b.env_file /etc/c.env',
      'services.b.env_file /srv/shop/d.env',
    ],
  ],
  [
    'what an anchor brings',
    'x-base: &base { env_file: a.env }\nservices: { web: { <<: *base, image: x } }',
    ['services.web.env_file /srv/shop/a.env'],
  ],
  [
    'a short build',
    'services: { web: { build: ./web } }',
    [
      'services.web.build.context /srv/shop/web',
      'services.web.build.dockerfile /srv/shop/web/Dockerfile',
      'services.web.build.dockerignore /srv/shop/web/.dockerignore',
    ],
  ],
  [
    'a long build',
    `services: { web: { build: { context: web, dockerfile: ../docker/web.Dockerfile,
       additional_contexts: { a: shared, b: docker-image://x, c: "https://x/y.git", d: "service:web" } } } }`,
    [
      'services.web.build.context /srv/shop/web',
      'services.web.build.dockerfile /srv/shop/docker/web.Dockerfile',
      'services.web.build.dockerignore /srv/shop/web/.dockerignore',
      'services.web.build.additional_contexts /srv/shop/shared',
    ],
  ],
  [
    'additional contexts as a list, beside an inline Dockerfile',
    'services: { web: { build: { dockerfile_inline: FROM x, additional_contexts: [a=./shared] } } }',
    [
      'services.web.build.context /srv/shop',
      'services.web.build.dockerignore /srv/shop/.dockerignore',
      'services.web.build.additional_contexts /srv/shop/shared',
    ],
  ],
  ['a build from elsewhere', 'services: { web: { build: "https://example.org/x.git#main" } }', []],
  [
    'configs and secrets',
    'configs: { a: { file: ./a.conf }, b: { external: true } }\nsecrets: { c: { file: c.key } }',
    ['configs.a.file /srv/shop/a.conf', 'secrets.c.file /srv/shop/c.key'],
  ],
  ['what a variable decides', 'services: { web: { env_file: "${X}.env", build: "${Y}" } }', []],
]
test.each(rows)('finds %s', (_name, yaml, expected) => {
  expect(told(yaml)).toEqual(expected)
})

test.each([
  'oci://registry.example/shop:1',
  'https://example.org/shop.git',
  'http://example.org/compose.yaml',
  'git@example.org:acme/shop.git',
  'ssh://git@example.org/shop.git',
  'git://example.org/shop.git',
  'GIT://example.org/shop.git',
  'github.com/acme/shop',
  '${SCHEME:-oci}://registry.example/shop',
])('S4: %s is not in the repository', (value) => {
  const remote = (yaml: string) => references(yaml).remote.map((found) => found.value)
  expect(remote(`include: ["${value}"]`)).toEqual([value])
  expect(remote(`include: [{ path: ["${value}"] }]`)).toEqual([value])
  expect(remote(`services: { web: { extends: { file: "${value}", service: x } } }`)).toEqual([value])
})

test('knows the profiles', () => {
  const yaml = 'services: { a: { profiles: [one, two] }, b: { profiles: [two] }, c: {} }'
  expect(references(yaml).profiles).toEqual(['one', 'two', 'two'])
})
