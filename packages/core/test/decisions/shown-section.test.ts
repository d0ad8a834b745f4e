import { expect, test } from 'vitest'
import { shownSection } from '../../src/decisions/shown-section.ts'

test('names, numbers, ports and words of Compose stay; any other text goes', () => {
  const section = {
    image: 'registry.example.com:5000/acme/shop:1.2@sha256:0123abcd',
    build: { context: '/srv/shop', dockerfile: 'Dockerfile', args: { TOKEN: 'geheim' }, target: 'geheim' },
    command: ['serve', '--token', 'geheim'],
    entrypoint: null,
    environment: { TOKEN: 'geheim', PORT: '8080' },
    labels: { 'com.example.token': 'geheim' },
    depends_on: { db: { condition: 'service_healthy', restart: true, required: true } },
    healthcheck: { test: ['CMD', 'check', 'geheim'], retries: 3, interval: '5s' },
    logging: { driver: 'json-file', options: { 'max-size': '10m' } },
    networks: { default: null, front: { aliases: ['geheim'] } },
    ports: [{ mode: 'ingress', target: 8080, published: '80-81', protocol: 'tcp', host_ip: 'geheim' }],
    read_only: true,
    restart: 'unless-stopped',
    volumes: [{ type: 'bind', source: '/geheim', target: '/data', bind: { create_host_path: true } }],
    'x-anything': { geheim: 7 },
  }
  expect(shownSection(section)).toEqual({
    image: 'registry.example.com:5000/acme/shop:1.2@sha256:0123abcd',
    build: { context: '***', dockerfile: '***', args: { TOKEN: '***' }, target: '***' },
    command: '***',
    environment: { TOKEN: '***', PORT: '***' },
    labels: { 'com.example.token': '***' },
    depends_on: { db: { condition: 'service_healthy', restart: true, required: true } },
    healthcheck: { test: '***', retries: 3, interval: '***' },
    logging: { driver: '***', options: { 'max-size': '***' } },
    networks: { default: null, front: { aliases: '***' } },
    ports: [{ mode: 'ingress', target: 8080, published: '80-81', protocol: 'tcp', host_ip: '***' }],
    read_only: true,
    restart: 'unless-stopped',
    volumes: [{ type: 'bind', source: '***', target: '***', bind: { create_host_path: true } }],
  })
})

test.each([
  ['a variable of no value', { environment: { geheim: null } }, { environment: {} }],
  ['a label of no value', { labels: { geheim: '' } }, { labels: {} }],
  ['one in base64', { build: { args: { geheim: '=' } } }, { build: { args: {} } }],
  ['an argument that is a number', { command: ['login', '1234'] }, { command: '***' }],
  ['a port that is none', { ports: [{ published: '1234567890' }] }, { ports: [{ published: '***' }] }],
  ['a name and password before an image', { image: 'ada:geheim@example.com/x' }, { image: '***' }],
  ['a section of another form', { environment: ['geheim'] }, { environment: '***' }],
])('a secret does not pass for %s', (_, section, expected) => {
  expect(shownSection(section)).toEqual(expected)
})
