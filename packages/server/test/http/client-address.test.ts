import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'

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
])('%s', (_, trusted, peer, forwardedFor, expected) => {
  expect(clientAddress(trusted)({ peer, forwardedFor })).toBe(expected)
})

test('without a connection there is no address', () => {
  expect(clientAddress([])({ peer: undefined, forwardedFor: '10.0.0.1' })).toBe('unknown')
})
