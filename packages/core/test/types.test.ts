import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../src/executors/process.ts'

const workspace = resolve(import.meta.dirname, '../../..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-types-'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
})

afterAll(() => rm(folder, { recursive: true }))

test('everything in types.test-d.ts compiles, or does not, as it says there', async () => {
  expect(await compile(join(import.meta.dirname, 'types.test-d.ts'))).toBe('')
})

test('a step out of order does not compile, and the message names what is missing', async () => {
  const said = await compileText(`
    import type { Step } from '${workspace}/packages/core/src/step.ts'
    import { pipeline } from '${workspace}/packages/core/src/pipeline.ts'
    declare const pull: Step<{ app: string }, { pull: string }>
    declare const build: Step<{ app: string; pull: string }>
    export const deploy = pipeline<{ app: string }>().use(build).use(pull)
  `)
  expect(said).toContain("Property 'pull' is missing in type '{ app: string; }'")
  expect(said.match(/error TS/g)).toHaveLength(1)
})

test('the real steps out of order name what is missing, too', async () => {
  const said = await compileText(`
    import type { Delivery } from '${workspace}/packages/core/src/domain/delivery.ts'
    import { pipeline } from '${workspace}/packages/core/src/pipeline.ts'
    import { resolveRepo } from '${workspace}/packages/core/src/steps/resolve-repo.ts'
    import { verifySignature } from '${workspace}/packages/core/src/steps/verify-signature.ts'
    export const receive = pipeline<{ delivery: Delivery }>()
      .use(resolveRepo({ apps: [] }))
      .use(verifySignature({ secrets: [] }))
  `)
  expect(said).toMatch(
    /Type '{ delivery: Delivery; }' is missing the following properties from type .*: event, signedBy/,
  )
})

async function compileText(text: string): Promise<string> {
  const file = join(folder, 'example.ts')
  await writeFile(file, text)
  return compile(file)
}

/** What the compiler says about a file, with the workspace's own options; nothing when it compiles. */
async function compile(file: string): Promise<string> {
  const config = {
    extends: join(workspace, 'tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      sourceMap: false,
      noEmit: true,
      // The examples lie outside the workspace, and import by absolute paths.
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      typeRoots: [join(workspace, 'node_modules/@types')],
    },
    files: [file],
  }
  const project = join(folder, 'tsconfig.json')
  await writeFile(project, JSON.stringify(config))
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const args = [compiler, '-p', project, '--pretty', 'false']
  const { exitCode, stdout, stderr } = await runCommand({ command: process.execPath, args, environment: {} })
  const said = `${stdout}${stderr}`.trim()
  return exitCode === 0 ? said : said || `tsc exited with code ${exitCode}`
}
