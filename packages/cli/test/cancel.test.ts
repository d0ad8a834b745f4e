import { expect, test } from 'vitest'
import { userInfo } from 'node:os'
import { inProcess, secret } from './support.ts'
import { journalFolder } from './support/journal.ts'

const environment = { GITHUB_WEBHOOK_SECRET: secret }

test('a queued deployment is cancelled at once, with who did it', async () => {
  const { directory, deliver, journal } = await journalFolder()
  const { id } = await deliver('delivery-0001')
  const { exitCode, stderr } = await inProcess(['cancel', id.slice(-8)], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^Deployment \S{8} of shop: cancelled.*: cancelled by /)
  expect(await journal.deployment(id)).toMatchObject({
    status: 'cancelled',
    reason: `cancelled by ${userInfo().username}`,
  })
})

test('one that runs is asked to end, and its end is waited for', async () => {
  const { directory, run, journal } = await journalFolder()
  const { id } = await run('delivery-0001')
  // This test is the process that runs it.
  const timer = setInterval(() => void notice(), 50)
  const notice = async (): Promise<void> => {
    const reason = (await journal.cancellations()).get(id)
    if (reason !== undefined) await journal.ended(id, { status: 'cancelled', reason, commit: null })
  }
  const { exitCode, stderr } = await inProcess(['cancel', id], { directory, environment })
  clearInterval(timer)
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/of shop: cancelled after \d+ s: cancelled by /)
})

test('one that ended is left as it is', async () => {
  const { directory, run, journal } = await journalFolder()
  const { id } = await run('delivery-0001', {})
  const { exitCode, stderr } = await inProcess(['cancel', id], { directory, environment })
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(
    /^There is nothing to cancel, it has ended already\.\nDeployment \S{8} of shop: success/,
  )
  expect(await journal.deployment(id)).toMatchObject({ status: 'success' })
})

test('an unknown one exits 2', async () => {
  const { directory } = await journalFolder()
  const { exitCode, stderr } = await inProcess(['cancel', '0000-1111'], { directory, environment })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('There is no deployment 0000-1111')
})
