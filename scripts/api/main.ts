// Makes docs/api out of the doc comments of the public exports: `pnpm docs:api [folder]`.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../lib/run.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What users import; each becomes a page, named by its `@module`. */
const entries = [
  'packages/core/src/index.ts',
  'packages/core/src/basics.ts',
  'packages/core/src/executors.ts',
  'packages/core/src/holds.ts',
  'packages/core/src/testing.ts',
  'packages/core/src/webhook.ts',
  'packages/server/src/index.ts',
  'packages/server/src/apps.ts',
  'packages/server/src/config.ts',
  'packages/server/src/explain.ts',
  'packages/server/src/journal.ts',
]

const options = {
  plugin: [join(here, 'node_modules/typedoc-plugin-markdown/dist/index.js')],
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  readme: 'none',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  // With them each change anywhere would change the pages.
  disableSources: true,
  excludeExternals: true,
  groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases', 'Classes'],
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  // Each export has at least its sentence.
  requiredToBeDocumented: ['Function', 'Variable', 'Interface', 'TypeAlias', 'Class'],
  validation: { notDocumented: true, notExported: false, invalidLink: true },
  treatValidationWarningsAsErrors: true,
  logLevel: 'Warn',
}

const target = process.argv[2] ?? join(root, 'docs/api')
const work = await mkdtemp(join(tmpdir(), 'fairway-api-'))
try {
  await makePages(join(work, 'pages'))
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const page of await readdir(join(work, 'pages'))) {
    const text = await readFile(join(work, 'pages', page), 'utf8')
    await writeFile(join(target, page), `${text.trimEnd()}\n`)
  }
} finally {
  await rm(work, { recursive: true })
}

async function makePages(out: string): Promise<void> {
  const tsconfig = join(work, 'tsconfig.json')
  const compilerOptions = { composite: false, noEmit: true, typeRoots: [join(root, 'node_modules/@types')] }
  const files = entries.map((entry) => join(root, entry))
  await writeFile(
    tsconfig,
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }),
  )
  const config = join(work, 'typedoc.json')
  await writeFile(config, JSON.stringify({ ...options, entryPoints: files, tsconfig, out, name: 'Fairway' }))
  const said = await run(
    process.execPath,
    [join(here, 'node_modules/typedoc/bin/typedoc'), '--options', config],
    {
      directory: here,
    },
  )
  if (said.trim() !== '') console.log(said.trim())
}
