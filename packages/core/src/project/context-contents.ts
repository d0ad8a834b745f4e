import type { ContentFile, ContextContent } from '../decisions/build-key.ts'
import type { BesideFile, FolderContent, Git, TrackedFile } from '../executors/git.ts'
import type { Call } from '../run.ts'
import { cleanText } from '../text.ts'
import type { Context } from './build-inputs.ts'

/** What lies in a context without what is left out of it, or why that can't be told. */
export type ReadContext = (context: Context) => ContextContent | { readonly unreadable: string }

interface Checkout {
  readonly path: string
  readonly commit: string
  readonly edits: boolean
}

/** Asks git once for all contexts; for lists of files only where an ignore file leaves some of them out. */
export async function contextContents(
  contexts: readonly Context[],
  { path, commit, edits }: Checkout,
  git: Git,
  call?: Call,
): Promise<ReadContext> {
  const folders = [...new Set(contexts.map(({ folder }) => folder))]
  if (folders.length === 0) return () => ({ unreadable: 'nothing was asked' })
  const options = { edits, skip: leftOutByAll(contexts) }
  const listed = contexts.filter(({ ignore }) => ignore?.isCertain === true).map(({ folder }) => folder)
  const [contents, files] = await Promise.all([
    git.contents(path, commit, folders, options, call),
    listAll([...new Set(listed)], (wanted) => git.listFiles(path, commit, wanted, call)),
  ])
  return ({ folder, ignore }) => {
    const content = contents.get(folder)
    if (content?.tree === undefined && (content?.beside.length ?? 0) === 0) {
      return { unreadable: `${nameOf(folder)}, where nothing lies` }
    }
    const inside = (file: string): string => (folder === '' ? file : file.slice(folder.length + 1))
    const beside = (content?.beside ?? []).filter(({ file }) => ignore?.ignores(inside(file)) !== true)
    const problem = beside.find((one) => one.problem !== undefined)
    if (problem)
      return { unreadable: `${cleanText(problem.file)}, which cannot be read: ${problem.problem ?? ''}` }
    if (ignore?.isCertain !== true) return asTree(content, inside)
    const tracked = (files.get(folder) ?? []).filter(({ file, mode }) => {
      const name = inside(file)
      // Of a submodule what is in it can't be seen here.
      return mode === '160000' ? !ignore.ignoresAllOf(name) : !ignore.ignores(name)
    })
    return asList(tracked, beside, inside)
  }
}

function asTree(content: FolderContent | undefined, inside: (file: string) => string): ContextContent {
  const beside = (content?.beside ?? []).map((one) => entryOf(one, inside))
  return { tree: content?.tree ?? '', beside }
}

function asList(
  tracked: readonly TrackedFile[],
  beside: readonly BesideFile[],
  inside: (file: string) => string,
): ContextContent {
  const found = new Map(tracked.map(({ file, mode, id }) => [inside(file), `${mode} ${id}`]))
  for (const one of beside) {
    const [name, content] = entryOf(one, inside)
    if (content === undefined) found.delete(name)
    else found.set(name, content)
  }
  return { files: [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)) }
}

function entryOf({ file, digest }: BesideFile, inside: (file: string) => string): ContentFile {
  return digest === undefined ? [inside(file)] : [inside(file), digest]
}

/** Whether no context sends a file, or anything below a folder. */
function leftOutByAll(contexts: readonly Context[]): (path: string, isFolder: boolean) => boolean {
  const byFolder = Map.groupBy(contexts, ({ folder }) => folder)
  const above = new Set([...byFolder.keys()].flatMap((folder) => parentsOf(folder)))
  return (path, isFolder) => {
    if (isFolder && above.has(path)) return false
    return [path, ...parentsOf(path)].every((folder) =>
      (byFolder.get(folder) ?? []).every(({ ignore }) => {
        const inside = folder === '' ? path : path.slice(folder.length + 1)
        if (!ignore || inside === '') return false
        return isFolder ? ignore.ignoresAllOf(inside) : ignore.ignores(inside)
      }),
    )
  }
}

/** The folders above a path, `` the topmost. */
function parentsOf(path: string): readonly string[] {
  const parent = parentOf(path)
  return parent === undefined ? [] : [parent, ...parentsOf(parent)]
}

function parentOf(path: string): string | undefined {
  return path === '' ? undefined : path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}

async function listAll(
  folders: readonly string[],
  list: (folders: readonly string[]) => Promise<readonly TrackedFile[]>,
): Promise<ReadonlyMap<string, readonly TrackedFile[]>> {
  const wanted = new Map<string, TrackedFile[]>(folders.map((folder) => [folder, []]))
  if (folders.length === 0) return wanted
  for (const file of await list(folders)) {
    for (let parent = parentOf(file.file); parent !== undefined; parent = parentOf(parent)) {
      wanted.get(parent)?.push(file)
    }
  }
  return wanted
}

function nameOf(folder: string): string {
  return folder === '' ? 'the checkout' : cleanText(folder)
}
