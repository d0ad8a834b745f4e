import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { composeCli } from '../../src/executors/compose-cli.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-version-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Puts programs into a folder that is all of PATH. */
function machine(programs: Readonly<Record<string, string>>) {
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return composeCli({ environment: { PATH: directory, HOME: directory }, pluginFolders: [] })
}

/** Docker without the plugin takes `compose` for one of its own commands, or `-p` for an option of its own. */
const docker = `if [ "$2" = version ]; then echo "docker: 'compose' is not a docker command." >&2; exit 1
else echo "unknown shorthand flag: 'p' in -p" >&2; exit 125; fi`
const v1 = '[ "$*" = "version --short" ] && echo 1.29.2'

const project = {
  name: 'shop',
  directory: '/',
  files: ['/compose.yaml'],
  envFiles: [],
  profiles: [],
  environment: {},
}
const hint = expect.stringMatching(/docker-compose-plugin.*docker-compose-v2/) as string

test('tells the version, without a v before it', async () => {
  expect(await machine({ docker: 'echo v2.40.3' }).version()).toBe('2.40.3')
})

test('Compose v1 alone: says which, and how to get v2', async () => {
  const expected = {
    code: 'docker_unavailable',
    message: 'Only docker-compose 1.29.2 (v1) is installed; Fairway needs Compose v2',
    hint,
  }
  const compose = machine({ docker, 'docker-compose': v1 })
  await expect(compose.version()).rejects.toMatchObject(expected)
  await expect(compose.services(project)).rejects.toMatchObject(expected)
})

test('Compose v1 without docker: the same', async () => {
  await expect(machine({ 'docker-compose': v1 }).version()).rejects.toThrow('Only docker-compose 1.29.2 (v1)')
})

test('Compose v2 as a program of its own: says that it must be the plugin', async () => {
  await expect(machine({ docker, 'docker-compose': 'echo v2.40.3' }).version()).rejects.toMatchObject({
    message:
      'Only docker-compose 2.40.3 as a program of its own is installed; Fairway needs it as docker compose',
    hint,
  })
})

test('no Compose at all, or a broken v1: says what docker said', async () => {
  for (const programs of [{ docker }, { docker, 'docker-compose': 'echo 1.29.2; exit 1' }]) {
    await expect(machine(programs).version()).rejects.toMatchObject({
      code: 'docker_unavailable',
      message: 'Cannot run docker compose: Compose v2 is not installed',
      output: ["docker: 'compose' is not a docker command."],
      hint,
    })
    rmSync(join(directory, 'docker-compose'), { force: true })
  }
})

test('nothing at all: docker is not installed', async () => {
  await expect(machine({}).version()).rejects.toThrow(
    'Cannot start docker: it is not installed or not in PATH',
  )
})
