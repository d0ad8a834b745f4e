import { DeployError } from '@fairway/core'
import { pushPayload, signedDelivery } from '@fairway/core/testing'
import type { Receipt } from '@fairway/core/webhook'
import { expect, test, vi } from 'vitest'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import { receivePipeline } from '../src/pipelines.ts'
import { receiver } from '../src/receive.ts'
import { recordingLogger } from './support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'

function door() {
  const journal = { ...memoryJournal(), refused: vi.fn<(why: string) => void>() }
  const logger = recordingLogger()
  const writes: (readonly string[])[] = []
  const told: Receipt[] = []
  const state = { stopping: false }
  const together = (say: () => void): void => {
    const before = logger.lines.length
    say()
    writes.push(logger.lines.slice(before))
  }
  const pipeline = receivePipeline({
    secrets: [{ id: 'webhook.secrets[0]', value: secret }],
    allowUnsigned: false,
    apps: [],
    ignore: [],
  })
  const worker = { wake: vi.fn<(superseded?: readonly string[]) => void>() }
  const receive = receiver({
    pipeline: () => pipeline,
    journal,
    worker,
    log: logger,
    together,
    told: (receipt) => void told.push(receipt),
    stopping: () => state.stopping,
  })
  const post = async (given: Partial<Parameters<typeof signedDelivery>[0]> = {}, quiet = false) => {
    const { headers, body } = signedDelivery({ secret, ...given })
    const present = Object.entries(headers).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const request = new Request('http://localhost/webhook', {
      method: 'POST',
      headers: Object.fromEntries(present),
      body: new Uint8Array(body),
    })
    const answer = await receive(request, { quiet: () => quiet })
    const answered = JSON.parse(answer.body) as { detail?: string; delivery?: string }
    return { status: answer.status, retryAfter: answer.headers['retry-after'], ...answered }
  }
  return { journal, lines: logger.lines, writes, post, worker, told, state }
}

test('what was sent is kept, also where there is nothing to deploy, but the headers that nobody needs', async () => {
  const { journal, post, told } = door()
  const payload = pushPayload({ after: 'a'.repeat(40) })
  const { delivery: id = '' } = await post({ payload, headers: { authorization: 'Bearer x', cookie: 'x' } })
  const stored = await journal.delivery(id)
  expect(stored).toMatchObject({
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
    skipped: 'unknown repository acme/shop',
  })
  expect(Object.keys(stored?.received?.headers ?? {}).toSorted()).toEqual([
    'content-type',
    'user-agent',
    'x-github-delivery',
    'x-github-event',
  ])
  expect(JSON.parse(new TextDecoder().decode(stored?.received?.body))).toEqual(payload)
  expect(stored?.received?.signedBy).toEqual(['webhook.secrets[0]'])
  expect(told).toMatchObject([{ id, event: 'push', skipped: 'unknown repository acme/shop' }])
})

test('one that is not verified is counted, and nothing of it is kept', async () => {
  const { journal, post } = door()
  expect(await post({ secret: 'another secret of sixteen characters' })).toMatchObject({ status: 401 })
  expect(await post({ headers: { 'x-hub-signature-256': undefined } })).toMatchObject({ status: 401 })
  expect(await post({ body: 'no JSON' })).toMatchObject({ status: 400 })
  expect(journal.refused.mock.calls).toEqual([['signature_invalid'], ['signature_missing']])
  expect(await journal.deliveries()).toEqual([])
})

test('what is logged of a delivery goes out at once', async () => {
  const { post, writes, lines } = door()
  await post()
  expect(writes).toEqual([lines])
  expect(lines).toEqual([
    'INFO Webhook request received.',
    'INFO Signature verified successfully.',
    expect.stringMatching(/Signed with webhook\.secrets\[0\]\.$/),
    'INFO Event: push, Repo: shop, Ref: refs/heads/main, Pusher: ada',
    'WARNING 🚫 Unknown repository: shop',
  ])
})

test('a quiet sender is heard of only when it signs', async () => {
  const { post, lines } = door()
  expect(await post({ headers: { 'x-hub-signature-256': 'sha256=no' } }, true)).toMatchObject({ status: 401 })
  expect(lines).toEqual([])
  await post({}, true)
  expect(lines).toHaveLength(5)
})

test('F7: one that cannot be stored is answered 503, with what the journal said in the log', async () => {
  const { journal, post, worker, lines, told } = door()
  journal.accept = () => Promise.reject(new DeployError('files_failed', 'the disk is full'))
  expect(await post()).toMatchObject({
    status: 503,
    retryAfter: '30',
    detail: 'The delivery could not be stored',
  })
  expect(lines.at(-1)).toBe('ERROR The delivery could not be stored: the disk is full')
  expect(worker.wake).not.toHaveBeenCalled()
  expect(told).toEqual([])
})

test('F27: while the server stops, everything is told to come again, and nothing is stored', async () => {
  const { journal, post, state } = door()
  state.stopping = true
  expect(await post()).toMatchObject({ status: 503, retryAfter: '30' })
  expect(await journal.deliveries()).toEqual([])
})
