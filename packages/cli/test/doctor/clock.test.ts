import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkClock } from '../../src/doctor/check-clock.ts'

/** A git host whose clock is off by so many milliseconds; undefined: it doesn't tell the time. */
async function host(off: number | undefined): Promise<string> {
  const server = createServer((_request, response) => {
    response.sendDate = false
    if (off !== undefined) response.setHeader('date', new Date(Date.now() + off).toUTCString())
    response.end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const minute = 60_000

test.each([
  ['as far as a second can tell', 0, undefined],
  ['less than a minute off', 50_000, undefined],
  ['behind', 3 * minute + 20_000, /^this machine's clock is 3 min (19|20|21) s behind /],
  ['ahead', -90 * minute, /^this machine's clock is 1 h (29|30) min ahead of /],
  ['days off', 49 * 60 * minute + 30_000, /^this machine's clock is 2 d 1 h behind /],
])('a clock that is %s', async (_, off, said) => {
  const name = await host(off)
  const [finding] = await checkClock([`http://ada@${name}/acme/shop.git`])
  expect(finding).toMatchObject(
    said === undefined
      ? { check: 'clock', level: 'ok', message: `agrees with ${name}` }
      : {
          check: 'clock',
          level: 'warning',
          message: expect.stringMatching(said) as string,
          fix: 'sudo timedatectl set-ntp true',
        },
  )
  expect(finding?.message).toContain(name)
})

test('hosts that do not answer, or do not tell the time, say nothing; the next one is asked', async () => {
  expect(await checkClock(['http://127.0.0.1:1/shop.git', '/srv/git/shop.git', 'nonsense'])).toEqual([])
  expect(await checkClock([`http://${await host(undefined)}/shop.git`])).toEqual([])
  const good = await host(0)
  const findings = await checkClock([
    'http://127.0.0.1:1/a.git',
    `http://${good}/a.git`,
    `http://${good}/b.git`,
  ])
  expect(findings).toHaveLength(1)
})
