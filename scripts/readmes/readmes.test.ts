import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configCheck } from './config-check.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../lib/run.ts'
import { readSnippets } from './snippets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tracked = (await run('git', ['ls-files', '*README.md'], { directory: root })).trim().split('\n')
const pages = await Promise.all(
  tracked.map(async (page) => ({ page, snippets: readSnippets(await readFile(join(root, page), 'utf8')) })),
)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-readme-'))
})
afterEach(() => rm(folder, { recursive: true }))

const typed = pages.filter(({ snippets }) => snippets.some(({ language }) => language === 'ts'))

test('the READMEs are found, and have snippets', () => {
  expect(typed.map(({ page }) => page)).toEqual(
    expect.arrayContaining(['README.md', 'packages/core/README.md', 'packages/server/README.md']),
  )
})

describe.each(typed)('the snippets of $page', ({ snippets }) => {
  test('compile together and run, one after the other', { timeout: 120_000 }, async () => {
    const scripts = snippets.filter(({ language }) => language === 'ts')
    await writeProject(scripts)
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { directory: folder })
    for (const { file } of scripts) {
      const how = file.endsWith('.test.ts') ? ['--test'] : []
      const args = [...how, '--conditions=@fairway/source', file]
      // What a README shows is run as it stands, where there is no /srv/shop: that it ends with words is enough.
      await run(process.execPath, args, { directory: folder })
    }
  })
})

const configured = pages.filter(({ snippets }) => snippets.some(({ language }) => language === 'yaml'))

test.each(configured)('the configurations in $page have no mistake', async ({ snippets }) => {
  for (const { language, text } of snippets) {
    if (language === 'yaml' && /^(apps|server|webhook):/m.test(text)) {
      await writeFile(join(folder, 'fairway.yaml'), text)
      expect(await configCheck(folder)).toContain('is fine')
    }
  }
})

/** A project beside the workspace, which finds its packages. */
async function writeProject(
  scripts: readonly { readonly file: string; readonly text: string }[],
): Promise<void> {
  for (const { file, text } of scripts) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await mkdir(join(folder, 'node_modules'))
  await symlink(join(root, 'packages'), join(folder, 'node_modules/@fairway'))
  await symlink(join(root, 'packages/server/node_modules/hono'), join(folder, 'node_modules/hono'))
  const compilerOptions = {
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions,
    files: scripts.map(({ file }) => file),
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
}
