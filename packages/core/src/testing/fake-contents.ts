import { createHash } from 'node:crypto'
import type { BesideFile, ContentsOptions, FolderContent } from '../executors/git.ts'
import type { FakeTree } from './fake-repositories.ts'

interface Checkout {
  /** The files of the commit that is asked for, and of what is checked out. */
  readonly tree: FakeTree
  readonly head: FakeTree
  /** What lies there. */
  readonly here: ReadonlyMap<string, string>
}

/** What `Git.contents` says of folders of a checkout in memory. */
export function fakeContents(
  { tree, head, here }: Checkout,
  folders: readonly string[],
  { edits = false, skip = () => false }: ContentsOptions,
): ReadonlyMap<string, FolderContent> {
  // A pull replaces what was tracked, and brings the rest of the commit.
  const comes = (file: string): boolean => Object.hasOwn(head, file) || Object.hasOwn(tree, file)
  const differing = [...here].filter(([file, text]) => tree[file] !== text && (edits || !comes(file)))
  const gone = edits ? Object.keys(tree).filter((file) => !here.has(file)) : []
  const found: readonly BesideFile[] = [
    ...differing.map(([file, text]) => ({ file, digest: idOf(text) })),
    ...gone.map((file) => ({ file })),
  ]
  const beside = found
    .filter(({ file }) => !isSkipped(file, skip))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
  return new Map(
    folders.map((place) => {
      const id = treeOf(tree, place)
      const own = beside.filter(({ file }) => isWithin(file, place))
      return [place, { ...(id === undefined ? {} : { tree: id }), beside: own }]
    }),
  )
}

/** Git's id of a text; ids of folders are made of their files'. */
export function idOf(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')
}

/** The id of what a tree has at a path: a file's, or one of all files below it with their paths there. */
function treeOf(files: FakeTree, place: string): string | undefined {
  if (Object.hasOwn(files, place)) return idOf(files[place] ?? '')
  const inside = Object.entries(files).filter(([file]) => isWithin(file, place))
  if (inside.length === 0) return undefined
  const start = place === '' ? 0 : place.length + 1
  const sorted = inside.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return idOf(JSON.stringify(sorted.map(([file, text]) => [file.slice(start), text])))
}

function isSkipped(file: string, skip: NonNullable<ContentsOptions['skip']>): boolean {
  const parts = file.split('/')
  return (
    skip(file, false) ||
    parts.some((_, i) => i < parts.length - 1 && skip(parts.slice(0, i + 1).join('/'), true))
  )
}

export function isWithin(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`)
}
