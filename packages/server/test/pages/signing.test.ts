import { html } from 'hono/html'
import { expect, test } from 'vitest'
import { run } from '../../../../scripts/lib/run.ts'
import { signingExample } from '../../src/http/signing-example.ts'
import { listening } from '../http/socket-support.ts'
import { front, secret } from '../http/support.ts'

test('the example of the documentation signs a push that is accepted', async () => {
  const { url, settled } = await listening()
  const example = signingExample.replace('http://127.0.0.1:8000', url)
  expect(example).not.toBe(signingExample)
  const answer = await run('sh', ['-c', example], { environment: { GITHUB_WEBHOOK_SECRET: secret } })
  expect(answer).toMatch(/^HTTP\/1\.1 202 Accepted\r?\n/)
  expect(answer).toContain('"app":"shop"')
  await settled()
})

test('it is the one that stands in the page', async () => {
  const { server } = front()
  const page = await (await server.app.request('/docs')).text()
  expect(page).toContain(String(await html`<code>${signingExample}</code>`))
})
