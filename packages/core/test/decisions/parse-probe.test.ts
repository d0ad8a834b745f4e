import { expect, test } from 'vitest'
import { parseProbe } from '../../src/decisions/parse-probe.ts'

test.each([
  ['http://web:8080/healthz', { protocol: 'http', service: 'web', port: 8080, path: '/healthz' }],
  ['http://web', { protocol: 'http', service: 'web', port: 80, path: '/' }],
  ['http://Web_1.api:3000/up?deep=1&x=%20', { service: 'Web_1.api', port: 3000, path: '/up?deep=1&x=%20' }],
  ['http://1:80/', { service: '1', port: 80 }],
  ['tcp://db:5432', { protocol: 'tcp', service: 'db', port: 5432, path: '' }],
])('takes %s apart', (url, expected) => {
  expect(parseProbe(url)).toMatchObject({ url, ...expected })
})

test.each([
  'https://web:443/',
  'web:8080',
  'http://web:0/',
  'http://web:65536/',
  'http://web:8080/a b',
  'http://web:8080/a\r\nHost: evil',
  'http://web:8080/#top',
  'http://user:password@web:8080/',
  'http://-web:8080/',
  'http://[::1]:8080/',
  'tcp://db',
  'tcp://db:5432/',
  '',
])('takes %j for none', (url) => {
  expect(parseProbe(url)).toBeUndefined()
})
