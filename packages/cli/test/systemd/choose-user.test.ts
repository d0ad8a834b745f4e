import { join } from 'node:path'
import { loadConfig } from '@fairway/server'
import { expect, test } from 'vitest'
import { chooseUser, type ChooseUserOptions } from '../../src/systemd/choose-user.ts'
import { folder } from '../support.ts'

const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name, index) => ({
  name,
  uid: 61_000 + index,
  gid: 61_000 + index,
  home: `/home/${name}`,
}))
const accounts = { users: [ada, bob, eve].filter((user) => user !== undefined), groups: [] }

async function choose(
  { named, uid = 0, environment = {} }: Partial<ChooseUserOptions>,
  owners: { readonly file?: number; readonly checkout?: number } = {},
): Promise<string> {
  const directory = await folder({
    'fairway.yaml': 'apps:\n  shop: { repository: acme/shop, path: ./shop }\n',
  })
  const config = {
    ...(await loadConfig({ directory, environment: {} })),
    file: join(directory, 'fairway.yaml'),
  }
  const owner = async (path: string): Promise<number> =>
    (path === config.file ? owners.file : owners.checkout) ?? 0
  return (await chooseUser({ named, uid, config, accounts, environment, owner })).name
}

test('the one that is named', async () => {
  expect(await choose({ named: 'eve', uid: 61_000 })).toBe('eve')
  await expect(choose({ named: 'nobody-here' })).rejects.toThrow('there is no such user')
})

test('this one, unless it is root', async () => {
  expect(await choose({ uid: 61_001 })).toBe('bob')
})

test('for root the owner of a checkout, then of the file', async () => {
  expect(await choose({}, { checkout: 61_000, file: 61_001 })).toBe('ada')
  expect(await choose({}, { file: 61_001 })).toBe('bob')
  expect(await choose({ environment: { SUDO_USER: 'eve' } })).toBe('eve')
  await expect(choose({})).rejects.toThrow('name a user with --user')
})
