import { readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** Where a file of git's lies. A name that isn't UTF-8 was lost when it was read; whatever reads the same is taken for it. */
export async function locate(path: string, file: string): Promise<string | Buffer> {
  if (!file.includes('\ufffd')) return join(path, file)
  let place = Buffer.from(path)
  for (const name of file.split('/'))
    place = Buffer.concat([place, Buffer.from(sep), await findName(place, name)])
  return place
}

async function findName(directory: Buffer, name: string): Promise<Buffer> {
  const asked = Buffer.from(name)
  if (!name.includes('\ufffd')) return asked
  try {
    const names = await readdir(directory, { encoding: 'buffer' })
    return names.find((found) => found.toString('utf8') === name) ?? asked
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return asked
    throw error
  }
}
