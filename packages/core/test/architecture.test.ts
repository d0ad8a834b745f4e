import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const workspace = resolve(import.meta.dirname, '../../..')
const sources = globSync('packages/*/src/**/*.ts', { cwd: workspace }).map((file) => ({
  file,
  text: readFileSync(join(workspace, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''),
}))

const matching = (pattern: RegExp): readonly string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

test('nothing in core reads the environment but in the defaults of the real makers', () => {
  expect(sources.length).toBeGreaterThan(50)
  const readers = matching(/process\.env/).filter((file) => file.startsWith('packages/core/'))
  expect(readers.filter((file) => !file.startsWith('packages/core/src/executors/'))).toEqual([])
  const elsewhere = sources.filter(
    ({ file, text }) => readers.includes(file) && /(?<!environment = )process\.env/.test(text),
  )
  expect(elsewhere.map(({ file }) => file)).toEqual([])
})
