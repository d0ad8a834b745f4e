import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listening } from '../http/socket-support.ts'
import { launch, open } from './browser.ts'
import { tooFaint } from './contrast.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

const routes = ['POST /webhook', 'GET /', 'GET /healthz', 'GET /readyz', 'GET /docs', 'GET /openapi.json']

test.each([
  { colorScheme: 'light', width: 1100 },
  { colorScheme: 'dark', width: 1100 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
] as const)('a browser, offline but for the server, shows the documentation: %o', async (look) => {
  const { url } = await listening()
  const { page, complaints, requests } = await open(browser, url, look)
  await page.goto(`${url}/`)
  expect(page.url()).toBe(`${url}/docs`)
  expect(await page.title()).toBe('Fairway: HTTP interface')
  const headings = page.getByRole('heading', { level: 2 })
  expect(await headings.allInnerTexts()).toEqual([...routes, 'Sign a delivery'])
  for (const heading of await headings.all()) expect(await heading.isVisible()).toBe(true)
  const webhook = page.locator('#webhook')
  for (const status of ['200', '202', '400', '401', '413', '415', '429', '500', '503']) {
    expect(await webhook.locator('.status', { hasText: status }).isVisible()).toBe(true)
  }
  expect(await webhook.getByText('{ "detail": "X-Hub-Signature-256 header missing" }').isVisible()).toBe(true)
  expect(await webhook.getByText('"full_name": "acme/shop"').isVisible()).toBe(true)
  expect(await webhook.getByText('Retry-After').first().isVisible()).toBe(true)
  expect(await page.locator('#signing').getByText('openssl dgst -sha256 -hmac').isVisible()).toBe(true)

  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width)
  expect(await tooFaint(page)).toEqual([])
  expect(requests).toEqual([`${url}/`, `${url}/docs`])
  expect(complaints).toEqual([])
})

test('light and dark are two looks', async () => {
  const { url } = await listening()
  const grounds: unknown[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await open(browser, url, { colorScheme })
    await page.goto(`${url}/docs`)
    grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
  }
  expect(grounds).toEqual(['rgb(251, 250, 248)', 'rgb(20, 23, 27)'])
})

test('the policy holds: neither a script nor a style that is not its own runs', async () => {
  const { url } = await listening()
  const { page, complaints } = await open(browser, url)
  await page.goto(`${url}/docs`)
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<img src="https://x.example/i.png"><div style="color: red" onclick="globalThis.ran = true" id="evil">x</div>')`,
  )
  await page.locator('#evil').click()
  expect(await page.evaluate('globalThis.ran')).toBeUndefined()
  expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(
    2,
  )
})

test('by keyboard: past the list of routes, and to each of them', async () => {
  const { url } = await listening()
  const { page } = await open(browser, url)
  await page.goto(`${url}/docs`)
  await page.keyboard.press('Tab')
  const skip = page.getByText('Skip to the routes')
  expect(await page.evaluate('document.activeElement.className')).toBe('skip')
  expect((await skip.boundingBox())?.x).toBe(0)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(page.url()).toBe(`${url}/docs#webhook`)
})

test('the document for programs is one click away, with a slash too many as well', async () => {
  const { url } = await listening()
  const { page } = await open(browser, url)
  for (const path of ['/docs', '/docs/']) {
    await page.goto(`${url}${path}`)
    await page.getByRole('link', { name: 'openapi.json', exact: true }).click()
    await page.waitForURL('**/openapi.json')
    expect(page.url()).toBe(`${url}/openapi.json`)
  }
})
