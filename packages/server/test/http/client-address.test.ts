import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'

/** Asks who sent a request that came from this peer with this X-Forwarded-For. */
async function ask(trusted: readonly string[], peer: string, forwarded?: string): Promise<string> {
  const app = new Hono()
  const addressOf = clientAddress(trusted)
  app.get('/', (c) => c.text(addressOf(c)))
  const socket = { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' }
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return (await app.request('/', { headers }, { incoming: { socket } })).text()
}

test.each<[string, readonly string[], string, string | undefined, string]>([
  ['nobody is trusted: the header counts for nothing', [], '203.0.113.1', '198.51.100.7', '203.0.113.1'],
  ['a trusted proxy names the client', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.7', '198.51.100.7'],
  [
    'what an untrusted client wrote further left is not believed',
    ['10.0.0.1'],
    '10.0.0.1',
    '1.2.3.4, 198.51.100.7',
    '198.51.100.7',
  ],
  [
    'a chain of trusted proxies',
    ['10.0.0.1', '10.0.0.2'],
    '10.0.0.2',
    '198.51.100.7, 10.0.0.1',
    '198.51.100.7',
  ],
  ['an untrusted peer behind nothing', ['10.0.0.1'], '203.0.113.1', '10.0.0.1', '203.0.113.1'],
  ['a trusted proxy that names nobody', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ['a trusted proxy that passes on nonsense', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
  ['IPv4 on a dual-stack socket', ['10.0.0.1'], '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
])('%s', async (_, trusted, peer, forwarded, expected) => {
  expect(await ask(trusted, peer, forwarded)).toBe(expected)
})

test('without a connection there is no address', async () => {
  const app = new Hono()
  app.get('/', (c) => c.text(clientAddress([])(c)))
  expect(await (await app.request('/')).text()).toBe('unknown')
})
