import { type Browser, chromium, type Page } from 'playwright-core'

/** A page, and everything that went wrong in it. */
export interface Opened {
  readonly page: Page
  /** Errors and warnings of its console, among them what its policy forbids. */
  readonly complaints: readonly string[]
  /** Every URL that was asked for. */
  readonly requests: readonly string[]
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Opens a page that reaches this server and nothing else. */
export async function open(
  browser: Browser,
  url: string,
  {
    colorScheme = 'light',
    width = 1100,
  }: { readonly colorScheme?: 'light' | 'dark'; readonly width?: number } = {},
): Promise<Opened> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  await page.route('**/*', async (route) => {
    await (route.request().url().startsWith(`${url}/`) ? route.continue() : route.abort())
  })
  return { page, complaints, requests }
}
