import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)

function page(path: string): Promise<string> {
  return readFile(new URL(path, root), 'utf8')
}

test.each(['caddy/Caddyfile', 'nginx/fairway.conf'])(
  'docs/reverse-proxy.md shows docs/%s, the file that is tested, word for word',
  async (path) => {
    const shown = [...(await page('docs/reverse-proxy.md')).matchAll(/```(?:caddyfile|nginx)\n(.*?)```/gs)]
    expect(shown.map(([, text]) => text)).toContain(await page(`docs/${path}`))
  },
)

test('docs/security.md names only tests that are there', async () => {
  const named = [...(await page('docs/security.md')).matchAll(/`((?:packages|scripts)\/[^`]+)`/g)]
  const paths = named.map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
})

test.each(['operating', 'plans', 'security', 'reverse-proxy'])(
  'links in docs/%s.md lead somewhere',
  async (name) => {
    const links = [...(await page(`docs/${name}.md`)).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
    const paths = links.map(([, path = '']) => path)
    expect(paths.filter((path) => !existsSync(new URL(`docs/${path}`, root)))).toEqual([])
  },
)
