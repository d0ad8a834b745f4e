import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'

/** An object of git's as it is stored. */
export interface StoredObject {
  readonly type: string
  readonly content: Buffer
}

/** Bytes, as they lie there and as they are: larger ones are left to git. */
const [mostStored, most] = [1024 ** 2, 16 * 1024 ** 2]

/**
 * An object that lies in a file of its own, as what was fetched last mostly does; undefined where it doesn't, or isn't what its id says.
 */
export async function readLoose(gitDirectory: string, id: string): Promise<StoredObject | undefined> {
  const file = placeOf(gitDirectory, id)
  try {
    if ((await stat(file)).size > mostStored) return undefined
    const whole = await promisify<Buffer, object, Buffer>(inflate)(await readFile(file), {
      maxOutputLength: most,
    })
    if (createHash('sha1').update(whole).digest('hex') !== id) return undefined
    const end = whole.indexOf(0)
    const [type = ''] = whole.toString('latin1', 0, end).split(' ')
    return { type, content: whole.subarray(end + 1) }
  } catch {
    // It lies in a pack, or it is damaged: git says what.
    return undefined
  }
}

/** Writes an object as git does: beside it first, so that nobody sees half of it. Gives its id. */
export async function writeLoose(gitDirectory: string, type: string, text: string): Promise<string> {
  const content = Buffer.from(text)
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])
  const id = createHash('sha1').update(whole).digest('hex')
  const file = placeOf(gitDirectory, id)
  await mkdir(dirname(file), { recursive: true })
  // A name that is taken away with others of its kind, should this process be killed.
  const beside = join(dirname(file), `tmp_obj_${randomUUID()}`)
  try {
    await writeFile(beside, await promisify(deflate)(whole), { flag: 'wx', mode: 0o444 })
    // The same content has the same name: what is replaced is no other.
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  return id
}

function placeOf(gitDirectory: string, id: string): string {
  return join(gitDirectory, 'objects', id.slice(0, 2), id.slice(2))
}
