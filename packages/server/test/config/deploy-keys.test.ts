import { appDefaults } from '@fairway/core'
import { describe, expect, test } from 'vitest'
import { showBytes } from '../../src/config/fields.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { appComplaints, check, complaints, shop } from './support.ts'

const appOf = (changes: object) => check({ apps: { shop: { ...shop, ...changes } as never } }).apps[0]

describe('hooks, migrate and probe', () => {
  test('are what an app says, with none as the default', () => {
    expect(appOf({})).toMatchObject({ hooks: { beforeUp: [], afterUp: [], onFailure: [] } })
    expect(appOf({})).not.toHaveProperty('migrate')
    const changes = {
      rollout: { probe: 'http://web:8080/healthz' },
      migrate: { service: 'migrate' },
      hooks: { beforeUp: [['./check', '--all']], onFailure: [['sh', '-c', 'one\ntwo', '']] },
    }
    expect(appOf(changes)).toMatchObject({
      ...changes,
      rollout: { ...appDefaults.rollout, probe: 'http://web:8080/healthz' },
      hooks: { ...changes.hooks, afterUp: [] },
    })
  })

  test.each<[string, object, string]>([
    [
      'a probe by https',
      { rollout: { probe: 'https://web/' } },
      'rollout.probe: must be http:// or tcp://: it is asked inside the network of the project',
    ],
    [
      'a probe of nothing',
      { rollout: { probe: 'web:8080' } },
      'rollout.probe: must be http://SERVICE:PORT/path or tcp://SERVICE:PORT',
    ],
    [
      'a hook as one line',
      { hooks: { beforeUp: ['./check --all'] } },
      'hooks.beforeUp[0]: must be a list of a program and its arguments, such as [./check, --all]',
    ],
    ['a hook that is one command', { hooks: { beforeUp: './check' } }, 'hooks.beforeUp: must be a list'],
    ['a hook of nothing', { hooks: { afterUp: [[]] } }, 'hooks.afterUp[0]: must begin with a program'],
    [
      'a hook that begins with nothing',
      { hooks: { onFailure: [['', 'x']] } },
      'hooks.onFailure[0]: must begin with a program',
    ],
    [
      'an argument with a NUL',
      { hooks: { afterUp: [['x', 'a\0b']] } },
      'hooks.afterUp[0][1]: must not have a NUL in it',
    ],
    [
      'an argument that is a number',
      { hooks: { afterUp: [['sleep', 5]] } },
      'hooks.afterUp[0][1]: must be text: put it in quotes',
    ],
    ['a moment that there is not', { hooks: { beforeDown: [] } }, 'hooks.beforeDown'],
    ['a migration without a service', { migrate: {} }, 'migrate.service: is missing'],
    [
      'a migration by an option',
      { migrate: { service: 'a b' } },
      'migrate.service: is not a name that Compose allows for a service',
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(appComplaints(changes as never).join('\n')).toContain(message)
  })
})

describe('what happens after a failure', () => {
  test('is a rollback with five releases to go back to, where nothing else is said', () => {
    expect(appOf({})?.rollout).toMatchObject({ onFailure: 'rollback', keepReleases: 5 })
    const rollout = { onFailure: 'keep', keepReleases: 1 }
    expect(appOf({ rollout })?.rollout).toEqual({ ...appDefaults.rollout, ...rollout })
  })

  test.each<[object, string]>([
    [{ onFailure: 'leave' }, 'rollout.onFailure: must be one of rollback, keep'],
    [{ keepReleases: 0 }, 'rollout.keepReleases: must be a whole number from 1 to 1000'],
    [{ keepReleases: '2.5' }, 'rollout.keepReleases: must be a whole number from 1 to 1000'],
  ])('%o is refused', (rollout, message) => {
    expect(appComplaints({ rollout }).join('\n')).toContain(message)
  })
})

describe('server.disk.minFree', () => {
  test.each([
    ['2GB', 2e9],
    ['500MB', 500e6],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['10 GB', 10e9],
    ['1TB', 1e12],
    ['0', 0],
    [0, 0],
  ])('%s is %d bytes', (minFree, bytes) => {
    expect(check({ server: { disk: { minFree } } }).server.disk).toEqual({ minFree: bytes })
  })

  test('is 2GB where nothing is said, and the schema says so', () => {
    expect(check({}).server.disk).toEqual({ minFree: 2e9 })
    const { disk } = configJsonSchema().properties?.['server']?.properties ?? {}
    expect(disk?.properties?.['minFree']).toMatchObject({ default: '2GB', title: 'size' })
  })

  test.each(['2', 2_000_000_000, '2 gigabytes', '2gb', '-1GB', '99999999TB', ''])('refuses %j', (minFree) => {
    expect(complaints({ server: { disk: { minFree } } }).join()).toContain(
      'must be a size such as 500MB or 2GB',
    )
  })

  test.each([
    [0, '0'],
    [999, '999B'],
    [2e9, '2GB'],
    [1.5e9, '1.5GB'],
    [1_234e6, '1234MB'],
    [2 * 1024 ** 3, '2GiB'],
  ])('%d is written %s', (bytes, written) => {
    expect(showBytes(bytes)).toBe(written)
  })
})
