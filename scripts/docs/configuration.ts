import { readFile, writeFile } from 'node:fs/promises'
import { configurationPage } from './configuration-page.ts'

/** Writes docs/configuration.md from the schema; with --check only says whether it differs, and exits with 1 if so. */
const file = new URL('../../docs/configuration.md', import.meta.url)
const page = configurationPage()

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8')) !== page) {
    process.stderr.write(
      'docs/configuration.md is not what the schema says: node --conditions=@fairway/source scripts/docs/configuration.ts\n',
    )
    process.exitCode = 1
  }
} else {
  await writeFile(file, page)
}
