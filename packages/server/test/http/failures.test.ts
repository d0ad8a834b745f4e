import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, test } from 'vitest'
import { front, type Front, secret } from './support.ts'

const forged = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }

/** Sends from an address, and tells the status. */
async function from({ server }: Front, peer: string, headers: Record<string, string | undefined> = {}) {
  const delivery = signedDelivery({ secret, headers })
  const socket = { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' }
  const given = Object.entries(delivery.headers).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const init = { method: 'POST', headers: Object.fromEntries(given), body: new Uint8Array(delivery.body) }
  return server.app.request('/webhook', init, { incoming: { socket } })
}

async function fail(to: Front, peer: string, times: number, headers: Record<string, string> = {}) {
  const statuses: number[] = []
  for (let i = 0; i < times; i++) statuses.push((await from(to, peer, { ...forged, ...headers })).status)
  return statuses
}

test('many failed signatures from one address are told to wait, those of another are not', async () => {
  const to = front()
  expect(await fail(to, '203.0.113.1', 22)).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429])
  const last = await from(to, '203.0.113.1', forged)
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(50)
  expect(await last.json()).toEqual({ detail: 'Too many failed signatures' })
  expect((await from(to, '203.0.113.2', forged)).status).toBe(401)
})

test('a correctly signed delivery is never refused, though its address is limited', async () => {
  const to = front()
  await fail(to, '203.0.113.1', 30)
  for (let i = 0; i < 50; i++) expect((await from(to, '203.0.113.1')).status).toBe(202)
  expect(await fail(to, '203.0.113.1', 1)).toEqual([429])
})

test('signed deliveries that are no push do not count as failures', async () => {
  const to = front()
  for (let i = 0; i < 30; i++) {
    expect((await from(to, '203.0.113.1', { 'x-github-event': '' })).status).toBe(400)
    expect((await from(to, '203.0.113.1', { 'content-type': 'text/plain' })).status).toBe(415)
  }
  expect(await fail(to, '203.0.113.1', 1)).toEqual([401])
})

test('a limited address fills no log, but one that is signed after all is told of', async () => {
  const to = front()
  await fail(to, '203.0.113.1', 21)
  const told = to.lines.length
  expect(to.lines.at(-1)).toMatch(
    /^WARNING Too many failed signatures from 203\.0\.113\.1: not logged any more for \d+ s\.$/,
  )
  await fail(to, '203.0.113.1', 1_000)
  expect(to.lines).toHaveLength(told)
  await from(to, '203.0.113.1', { 'x-github-event': 'star' })
  expect(to.lines.slice(told, told + 3)).toEqual([
    'INFO Webhook request received.',
    'INFO Signature verified successfully.',
    'INFO Signed with webhook.secrets[0].',
  ])
  await from(to, '203.0.113.1', { 'x-github-event': '' })
  expect(to.lines.join('\n')).toContain('X-GitHub-Event header missing')
})

test('nobody gets away by naming other addresses', async () => {
  const to = front()
  const statuses: number[] = []
  for (let i = 0; i < 25; i++) {
    const headers = { ...forged, 'x-forwarded-for': `198.51.100.${i}`, forwarded: `for=198.51.100.${i}` }
    statuses.push((await from(to, '203.0.113.1', headers)).status)
  }
  expect(statuses.at(-1)).toBe(429)
})

test('nor can anyone get another one limited', async () => {
  const to = front({ config: { server: { trustedProxies: ['10.0.0.1'] } } })
  // Through the trusted proxy, which adds whom it sees; the sender wrote the first part.
  await fail(to, '10.0.0.1', 30, { 'x-forwarded-for': '198.51.100.7, 203.0.113.1' })
  expect(await fail(to, '10.0.0.1', 1, { 'x-forwarded-for': '198.51.100.7' })).toEqual([401])
  expect(await fail(to, '10.0.0.1', 1, { 'x-forwarded-for': '203.0.113.1' })).toEqual([429])
})

test('behind a trusted proxy each client is counted for itself', async () => {
  const to = front({ config: { server: { trustedProxies: ['10.0.0.0/8'] } } })
  for (let i = 0; i < 30; i++) {
    expect(await fail(to, '10.0.0.1', 1, { 'x-forwarded-for': `198.51.100.${i}` })).toEqual([401])
  }
})

test('an address of IPv6 is as good as any other of its network', async () => {
  const to = front()
  const statuses: number[] = []
  for (let i = 0; i < 25; i++) statuses.push(...(await fail(to, `2001:db8:1:2:${i.toString(16)}::1`, 1)))
  expect(statuses.at(-1)).toBe(429)
  expect(await fail(to, '2001:db8:1:3::1', 1)).toEqual([401])
})

test.each([
  '%',
  'fe80::1%eth0',
  '::1%<script>',
  '1.2.3.4, ',
  ',',
  'a'.repeat(5_000),
  '[::1]:80',
  '1.2.3.4:80',
])('nonsense from a trusted proxy breaks nothing: %j', async (forwarded) => {
  const to = front({ config: { server: { trustedProxies: ['10.0.0.1', '::1'] } } })
  expect(await fail(to, '10.0.0.1', 1, { 'x-forwarded-for': forwarded })).toEqual([401])
  expect((await from(to, '10.0.0.1', { 'x-forwarded-for': forwarded })).status).toBe(202)
})

test('a push counts from no address at all, as in a test', async () => {
  const { post } = front()
  expect((await post({ payload: pushPayload() })).status).toBe(202)
})
