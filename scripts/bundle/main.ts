// Writes the command into few files, as it is published: Node needs a millisecond for each file that it loads, and a command that writes
// one row into the journal would load 313. `pnpm build` does it after the compiler, whose output it reads.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { licenses } from './licenses.ts'

const cli = fileURLToPath(new URL('../../packages/cli', import.meta.url))
const directory = join(cli, 'bundle')

await rm(directory, { recursive: true, force: true })
const bundle = await rolldown({
  input: { fairway: join(cli, 'dist/main.js'), 'cache-folder': join(cli, 'dist/cache-folder.js') },
  platform: 'node',
  // It has native parts, and half of the commands do without it.
  external: ['dockerode'],
})
try {
  const { output } = await bundle.write({
    dir: directory,
    format: 'esm',
    chunkFileNames: '[name].js',
    comments: { legal: true },
  })
  const files = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
  await writeFile(join(directory, 'LICENSES.txt'), await licenses(files))
  console.log(`The command is ${output.length} files in ${directory}`)
} finally {
  await bundle.close()
}
