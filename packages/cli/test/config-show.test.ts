import { expect, test } from 'vitest'
import { fairway, folder, secret } from './support.ts'

const config = 'server: { port: 9000 }\napps:\n  shop:\n    repository: acme/shop\n    path: ${SHOP}\n'

test('config show prints every value with its origin, and no secret', async () => {
  const directory = await folder({ 'fairway.yaml': config, '.env': 'SHOP=/srv/shop\n' })
  const environment = { GITHUB_WEBHOOK_SECRET: secret, HOST: '::1' }
  const { exitCode, stdout } = await fairway(['config', 'show'], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^ {2}host: ::1 +# HOST \(environment\)$/m)
  expect(stdout).toMatch(/^ {2}port: 9000 +# fairway\.yaml:1$/m)
  expect(stdout).toMatch(/^ {4}path: \/srv\/shop +# fairway\.yaml:5, SHOP in \.env$/m)
  expect(stdout).not.toContain(secret)
})

test('config show --json prints one document', async () => {
  const directory = await folder({ 'fairway.yaml': config })
  const { exitCode, stdout } = await fairway(['config', 'show', '--json'], { directory })
  expect(exitCode).toBe(0)
  const shown = JSON.parse(stdout) as { values: readonly { path: string }[] }
  expect(shown).toMatchObject({
    file: `${directory}/fairway.yaml`,
    apps: [{ name: 'shop', on: false, because: 'its path needs SHOP, which has no value' }],
    warnings: [expect.stringContaining('apps.shop is off')],
  })
  expect(shown.values.find(({ path }) => path === 'server.port')).toEqual({
    path: 'server.port',
    value: 9000,
    origin: { kind: 'file', line: 1 },
  })
})

test('config show of a wrong configuration exits 2 with every mistake', async () => {
  const directory = await folder({ 'fairway.yaml': `${config}    colour: red\nwebhok: {}\n` })
  const { exitCode, stdout, stderr } = await fairway(['config', 'show'], { directory })
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('apps.shop.colour')
  expect(stderr).toContain('webhok')
})
