import { pushPayload, signedDelivery } from '@fairway/core/testing'
import { expect, test, vi } from 'vitest'
import { DeployError } from '@fairway/core'
import { memoryJournal } from '../src/journal/memory-journal.ts'
import { receivePipeline } from '../src/pipelines.ts'
import { NotStored, receive } from '../src/receive.ts'
import { recordingLogger } from './support/recording-logger.ts'

const secret = 'a secret of more than sixteen characters'

function door() {
  const journal = { ...memoryJournal(), refused: vi.fn<(why: string) => void>() }
  const logger = recordingLogger()
  const writes: (readonly string[])[] = []
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
  const post = (given: Partial<Parameters<typeof signedDelivery>[0]> = {}, quiet = false) => {
    const { headers, body } = signedDelivery({ secret, ...given })
    return receive({ headers, body, quiet }, { pipeline, journal, worker, log: logger, together })
  }
  return { journal, lines: logger.lines, writes, post, worker }
}

test('what was sent is kept, also where there is nothing to deploy, but the headers that nobody needs', async () => {
  const { journal, post } = door()
  const payload = pushPayload({ after: 'a'.repeat(40) })
  const { id } = await post({ payload, headers: { authorization: 'Bearer x', cookie: 'x' } })
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
})

test('one that is not verified is counted, and nothing of it is kept', async () => {
  const { journal, post } = door()
  await expect(post({ secret: 'another secret of sixteen characters' })).rejects.toThrow('Invalid signature')
  await expect(post({ headers: { 'x-hub-signature-256': undefined } })).rejects.toThrow('header missing')
  await expect(post({ body: 'no JSON' })).rejects.toThrow('not valid JSON')
  expect(journal.refused.mock.calls).toEqual([['signature_invalid'], ['signature_missing']])
  expect(await journal.deliveries()).toEqual([])
})

test('what is logged of a delivery goes out at once, before the worker is woken or the sender answered', async () => {
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
  await expect(post({ headers: { 'x-hub-signature-256': 'sha256=no' } }, true)).rejects.toThrow('Invalid')
  expect(lines).toEqual([])
  await post({}, true)
  expect(lines).toHaveLength(5)
})

test('F7: one that cannot be stored is said to be so, with what the journal said as the cause', async () => {
  const { journal, post, worker } = door()
  const full = new DeployError('files_failed', 'the disk is full')
  journal.accept = () => Promise.reject(full)
  const error = await post().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(NotStored)
  expect((error as NotStored).cause).toBe(full)
  expect(worker.wake).not.toHaveBeenCalled()
})
