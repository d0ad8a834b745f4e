import { readLoose } from './loose-objects.ts'

/** What a tree has under a name. */
interface Node {
  readonly name: string
  /** As git writes it there: `100644`, `40000` (a folder), `160000` (a submodule). */
  readonly mode: string
  readonly id: string
}

/** A file that two trees have differently; a mode is absent where one has none. */
export interface ChangedFile {
  readonly file: string
  readonly before?: string
  readonly after?: string
}

type ReadTree = (id: string) => Promise<ReadonlyMap<string, Node>>

/** Files that differ between two trees, in git's order; undefined where what differs doesn't lie in files of its own, which git knows to read. */
export async function changesBetween(
  gitDirectory: string,
  before: string,
  after: string,
): Promise<readonly ChangedFile[] | undefined> {
  return unlessPacked(async () => {
    const changed = await compare('', before, after, treeReader(gitDirectory))
    return changed.toSorted((one, other) => Buffer.compare(Buffer.from(one.file), Buffer.from(other.file)))
  })
}

/** Git's ids of what a tree has at paths (`` itself); those that it hasn't are left out. Undefined as above. */
export async function idsBelow(
  gitDirectory: string,
  tree: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const read = treeReader(gitDirectory)
  return unlessPacked(async () => {
    const found = await Promise.all(files.map(async (file) => [file, await idAt(tree, file, read)] as const))
    return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined))
  })
}

/** Some tree lies in a pack. */
class Packed extends Error {}

async function unlessPacked<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Packed) return undefined
    throw error
  }
}

/** Reads each tree once. */
function treeReader(gitDirectory: string): ReadTree {
  const known = new Map<string, ReturnType<ReadTree>>()
  const readAnew: ReadTree = async (id) => {
    const object = await readLoose(gitDirectory, id)
    if (object?.type !== 'tree') throw new Packed(id)
    return parse(object.content)
  }
  return (id) => {
    const reading = known.get(id) ?? readAnew(id)
    known.set(id, reading)
    return reading
  }
}

/** `MODE NAME`, a NUL, the id of 20 bytes; in git's order. */
function parse(content: Buffer): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>()
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0, at)
    const [, mode, name] = /^(\d+) (.*)$/s.exec(content.toString('utf8', at, end)) ?? []
    // What isn't UTF-8 might read as another name.
    if (mode === undefined || name === undefined || name.includes('\ufffd')) throw new Packed()
    nodes.set(name, { name, mode, id: content.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return nodes
}

async function compare(
  folder: string,
  before: string | undefined,
  after: string | undefined,
  read: ReadTree,
): Promise<readonly ChangedFile[]> {
  if (before === after) return []
  const [old, young] = await Promise.all([before, after].map(async (id) => (id ? read(id) : nothing)))
  const names = new Set([...(old ?? nothing).keys(), ...(young ?? nothing).keys()])
  const changed = await Promise.all(
    [...names].map((name) => compareNodes(`${folder}${name}`, old?.get(name), young?.get(name), read)),
  )
  return changed.flat()
}

const nothing: ReadonlyMap<string, Node> = new Map()

async function compareNodes(
  path: string,
  old: Node | undefined,
  young: Node | undefined,
  read: ReadTree,
): Promise<readonly ChangedFile[]> {
  if (old?.id === young?.id && old?.mode === young?.mode) return []
  const [oldFolder, youngFolder] = [old, young].map((node) => (isFolder(node) ? node?.id : undefined))
  const inside = await compare(`${path}/`, oldFolder, youngFolder, read)
  const before = old && !isFolder(old) ? { before: old.mode } : {}
  const after = young && !isFolder(young) ? { after: young.mode } : {}
  const isFile = 'before' in before || 'after' in after
  return [...(isFile ? [{ file: path, ...before, ...after }] : []), ...inside]
}

async function idAt(tree: string, path: string, read: ReadTree): Promise<string | undefined> {
  if (path === '') return tree
  const [name = '', ...rest] = path.split('/')
  const node = (await read(tree)).get(name)
  if (rest.length === 0) return node?.id
  return isFolder(node) && node ? idAt(node.id, rest.join('/'), read) : undefined
}

function isFolder(node: Node | undefined): boolean {
  return node?.mode === '40000'
}
