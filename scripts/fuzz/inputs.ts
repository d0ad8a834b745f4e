import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { pushPayload } from '@fairway/core/testing'
import type { Input } from './input.ts'
import { anyJson, mutateJson, mutateText } from './json.ts'
import type { Random } from './random.ts'
import { secret } from './world.ts'

type Make = (random: Random) => Omit<Input, 'kind'>

/** Every kind of input, and how it is made. Most are signed, so that they get past the door. */
const kinds: Readonly<Record<string, Make>> = {
  'random bytes': (random) =>
    deliver(random, random.bytes(random.below(300)), { signed: random.chance(0.5) }),
  'signed JSON': (random) => deliver(random, text(JSON.stringify(anyJson(random)))),
  'broken JSON': (random) => deliver(random, text(mutateText(JSON.stringify(payload(random)), random))),
  'odd payload': (random) => deliver(random, text(JSON.stringify(mutateJson(payload(random), random)))),
  'valid push': (random) => deliver(random, text(JSON.stringify(payload(random)))),
  'forged push': (random) => deliver(random, text(JSON.stringify(payload(random))), { signed: false }),
  'changed after signing': (random) =>
    changed(deliver(random, text(JSON.stringify(payload(random)))), random),
  'another event': (random) =>
    deliver(random, text(JSON.stringify(anyJson(random))), { event: event(random) }),
  'odd headers': (random) => withOddHeaders(deliver(random, text(JSON.stringify(payload(random)))), random),
  'odd encoding': (random) => encoded(random),
  form: (random) => form(random),
  deep: (random) => deliver(random, text(nested(random))),
  'another route': (random) => elsewhere(random),
}

/** The input of this random source. */
export function makeInput(random: Random): Input {
  const kind = random.pick(Object.keys(kinds))
  const make = kinds[kind] as Make
  return { kind, ...make(random) }
}

function payload(random: Random): object {
  return {
    ...pushPayload({
      repository: random.pick(['acme/shop', 'acme/shop', 'shop', 'acme/blog', 'evil/shop', random.text(8)]),
      ref: random.pick([
        'refs/heads/main',
        'refs/heads/main',
        'refs/heads/x',
        'refs/tags/v1',
        random.text(12),
      ]),
      after: random.pick(['1', '0', 'a']).repeat(random.pick([40, 40, 64])),
      pusher: random.text(random.below(20) + 1),
    }),
    commits: Array.from({ length: random.below(4) }, () => ({ message: random.text(20) })),
  }
}

interface Delivered {
  readonly signed?: boolean
  readonly event?: string
  readonly type?: string
}

function deliver(
  random: Random,
  body: Uint8Array,
  { signed = random.chance(0.9), event: name = 'push', type = 'application/json' }: Delivered = {},
): Omit<Input, 'kind'> {
  const signature = signed
    ? `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    : wrong(random)
  const id = random.chance(0.8) ? random.text(20, 'abcdef0123456789-') : latin(random, 20)
  const headers: [string, string][] = [
    ['content-type', type],
    ['x-github-event', name],
    ['x-github-delivery', id],
    ['x-hub-signature-256', signature],
  ]
  return { method: 'POST', path: '/webhook', headers, body }
}

function wrong(random: Random): string {
  const hex = random.text(random.pick([0, 63, 64, 64, 64, 65, 128]), '0123456789abcdef')
  return random.pick([`sha256=${hex}`, `sha1=${hex}`, hex, 'sha256=', `sha256=${latin(random, 64)}`, ''])
}

/** What a header may hold, and still reach the server. */
function latin(random: Random, length: number): string {
  return random
    .text(random.below(length), '\t !"#$%&\'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~\u0080\u00a0\u00e9\u00ff')
    .trim()
}

function event(random: Random): string {
  return random.chance(0.7)
    ? random.pick(['ping', 'star', 'delete', 'create', 'registry_package', 'PUSH'])
    : latin(random, 60)
}

function changed(input: Omit<Input, 'kind'>, random: Random): Omit<Input, 'kind'> {
  const body = Uint8Array.from(input.body)
  for (let i = random.below(3); i >= 0; i -= 1) {
    const at = random.below(body.length)
    body[at] = (body[at] ?? 0) ^ (1 << random.below(8))
  }
  return { ...input, body: random.chance(0.3) ? body.subarray(0, random.below(body.length)) : body }
}

const names = [
  'content-type',
  'x-github-event',
  'x-github-delivery',
  'x-hub-signature-256',
  'x-hub-signature',
  'x-gitlab-token',
  'accept',
  'content-encoding',
  'x-forwarded-for',
  'authorization',
  'cookie',
  'x-http-method-override',
  'range',
  'if-none-match',
  'origin',
]

function withOddHeaders(input: Omit<Input, 'kind'>, random: Random): Omit<Input, 'kind'> {
  const left = input.headers.filter(() => random.chance(0.85))
  const added = Array.from({ length: random.below(5) }, (): [string, string] => {
    const name = random.pick(names)
    const known = input.headers.find(([other]) => other === name)?.[1]
    return [
      random.chance(0.2) ? name.toUpperCase() : name,
      known !== undefined && random.chance(0.5) ? known : latin(random, 200),
    ]
  })
  return { ...input, headers: [...left, ...added] }
}

function encoded(random: Random): Omit<Input, 'kind'> {
  const json = JSON.stringify(payload(random))
  const body = random.pick<(text: string) => Uint8Array>([
    (given) => Buffer.from(`\ufeff${given}`),
    (given) => Buffer.from(given, 'utf16le'),
    (given) => Buffer.concat([Buffer.from(given.slice(0, -1)), random.bytes(5), Buffer.from('}')]),
    (given) =>
      Buffer.from(given.replaceAll(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)),
    (given) => gzipSync(given),
  ])(json)
  const type = `application/json; charset=${random.pick(['utf-8', 'utf-16', 'latin1', '"', latin(random, 20)])}`
  const input = deliver(random, body, { type })
  const packed: [string, string] = [
    'content-encoding',
    random.pick(['gzip', 'br', 'identity', latin(random, 10)]),
  ]
  return random.chance(0.5) ? { ...input, headers: [...input.headers, packed] } : input
}

function form(random: Random): Omit<Input, 'kind'> {
  const json = JSON.stringify(random.chance(0.5) ? payload(random) : anyJson(random)).replaceAll(
    /[\ud800-\udfff]/g,
    '',
  )
  const pair = `payload=${encodeURIComponent(json)}`
  const whole = random.pick([
    pair,
    `${pair}&${pair}`,
    `x=1&${pair}&y=%`,
    pair.replaceAll('%', () => random.pick(['%', '%%', '+'])),
    pair.slice(random.below(9)),
    latin(random, 50),
  ])
  return deliver(random, text(whole), { type: 'application/x-www-form-urlencoded' })
}

function nested(random: Random): string {
  const levels = random.pick([10, 99, 100, 101, 1_000, 100_000])
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ])
  return random.chance(0.5)
    ? open.repeat(levels) + (open === '[' ? '' : '1') + close.repeat(levels)
    : open.repeat(levels)
}

function elsewhere(random: Random): Omit<Input, 'kind'> {
  const known = [
    '/',
    '/',
    '/',
    '/healthz',
    '/readyz',
    '/docs',
    '/openapi.json',
    '/webhook',
    '/docs/',
    '//',
    '/.env',
    '/%00',
    '/api/v1/apps',
  ]
  const path = random.chance(0.7)
    ? random.pick(known)
    : `/${random.text(random.below(20)).replaceAll(/[^\x21-\x7e]|\\/g, '%ff')}`
  const query = random.chance(0.3) ? `?${encodeURIComponent(random.text(10))}` : ''
  const method = random.pick(['GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])
  const accept: [string, string] = [
    'accept',
    random.pick(['text/html', 'text/html', '*/*', 'application/json', latin(random, 100)]),
  ]
  const body = ['GET', 'HEAD'].includes(method) ? new Uint8Array() : random.bytes(random.below(100))
  return { method, path: `${path.replaceAll('#', '')}${query}`, headers: [accept], body }
}

function text(given: string): Uint8Array {
  return new TextEncoder().encode(given)
}
