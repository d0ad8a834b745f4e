import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** The licenses of all packages that these files are from, by name: who passes code on has to pass them on. */
export async function licenses(files: readonly string[]): Promise<string> {
  const folders = new Set(files.flatMap(packageOf))
  const all = await Promise.all([...folders].map(read))
  return all
    .toSorted(({ name: one }, { name: other }) => (one < other ? -1 : 1))
    .map(({ name, version, text }) => `${name} ${version}\n\n${text.trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The folder of the package that a file is of; none of our own. */
function packageOf(file: string): readonly string[] {
  const marker = `${sep}node_modules${sep}`
  const start = file.lastIndexOf(marker)
  if (start === -1) return []
  const [first = '', second = ''] = file.slice(start + marker.length).split(sep)
  const name = first.startsWith('@') ? join(first, second) : first
  return [join(file.slice(0, start + marker.length), name)]
}

interface License {
  readonly name: string
  readonly version: string
  readonly text: string
}

async function read(folder: string): Promise<License> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
  }
  const { name, version, license } = manifest
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
  if (file === undefined && license === undefined)
    throw new Error(`${name} does not say under which license it is: ${folder}`)
  const text = file === undefined ? `License: ${license}` : await readFile(join(folder, file), 'utf8')
  return { name, version, text }
}
