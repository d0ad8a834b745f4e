import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { BesideFile, FolderContent, Git } from '../git.ts'
import { ancestors, isBehindLink } from './behind-link.ts'
import type { RunGit } from './command.ts'
import { findEdited, findHidden, foldersInstead, type Look } from './edited-files.ts'
import { type DigestFile, fileDigests } from './file-digests.ts'
import { readHead } from './head.ts'
import { idsAt } from './ids-at.ts'
import type { ReadGit } from './reads.ts'
import { type SpecialFiles, specialFiles } from './special-files.ts'
import { readStatus } from './status.ts'
import { untouchedSince } from './untouched.ts'
import { walk } from './walk.ts'
import { isWithin, outermost } from './within.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly digest?: DigestFile
}

/** What lies in folders of a checkout; digests of files are kept as long as these stay as they are. */
export function gitContents({ run, read, digest = fileDigests() }: Tools): Pick<Git, 'contents'> {
  const special = specialFiles(read)
  return {
    async contents(path, commit, folders, { edits = false, skip = () => false } = {}, call) {
      call?.signal?.throwIfAborted()
      const look = { path, commit, folders: outermost(folders), edits, skip, run, read, digest }
      const [trees, beside] = await Promise.all([
        idsAt(path, commit, ['', ...folders], { run, read }, call),
        special(path, commit.length / 2, call).then((known) => findBeside(look, known, call)),
      ])
      if (!trees.has('')) {
        throw new DeployError('git_failed', `Cannot read ${path}: ${commit} is not there`)
      }
      return assemble(folders, trees, beside)
    },
  }
}

async function findBeside(look: Look, special: SpecialFiles, call?: Call): Promise<readonly BesideFile[]> {
  const { path, folders, edits, skip, run, digest } = look
  const untouched = await besideUntouched(look, special, call)
  if (untouched) return edits ? untouched : notIn(look, untouched, special, call)
  const { edited, others } = await readStatus(path, folders, run, call)
  // Git names the folder in which nothing is tracked, which may be above the one that was asked for.
  const places = [
    ...others,
    ...submodulesAround(folders, special),
    ...(edits ? await foldersInstead(path, edited) : []),
  ]
  const starts = places.flatMap((place) => meeting(place, folders))
  const untracked = await walk(starts, { path, digest, skip }, call)
  const hidden = await findHidden(look, special.hidden, call)
  return edits
    ? [...(await findEdited(look, edited, call)), ...hidden, ...untracked]
    : [...hidden, ...(await notIn(look, untracked, special, call))]
}

/** What lies beside tracked files, none of which differs from HEAD; undefined where git is to tell. */
async function besideUntouched(
  { path, folders, skip, digest, read }: Look,
  { hidden, submodules }: SpecialFiles,
  call?: Call,
): Promise<readonly BesideFile[] | undefined> {
  if (hidden.length > 0 || submodules.length > 0) return undefined
  const head = await readHead(path, read, call)
  const tracked = head?.commit === undefined ? undefined : await untouchedSince(path, head.commit, read, call)
  if (!tracked) return undefined
  const behindLinks = await Promise.all(folders.map((folder) => isBehindLink(path, folder)))
  if (behindLinks.includes(true)) return undefined
  const isNothing = (file: string, isFolder: boolean): boolean =>
    tracked.has(file) || (!folders.includes(file) && skip(file, isFolder))
  const found = await walk(folders, { path, digest, skip: isNothing }, call)
  // Git overlooks what it may not look into.
  return found.some(({ problem }) => problem !== undefined) ? undefined : found
}

/** Submodules in which a folder lies that was asked for: git looks into none. */
function submodulesAround(folders: readonly string[], { submodules }: SpecialFiles): readonly string[] {
  return submodules.filter((submodule) => folders.some((folder) => isWithin(folder, submodule)))
}

/** A place as far as it lies in one of the folders. */
function meeting(place: string, folders: readonly string[]): readonly string[] {
  if (folders.some((folder) => isWithin(place, folder))) return [place]
  return folders.filter((folder) => isWithin(folder, place))
}

/** Without what the commit brings, which HEAD hasn't yet; a submodule's own files are never git's. */
async function notIn(
  { path, commit, run, read }: Look,
  untracked: readonly BesideFile[],
  { submodules }: SpecialFiles,
  call?: Call,
): Promise<readonly BesideFile[]> {
  const files = untracked.map(({ file }) => file)
  const asked = files.filter((file) => !submodules.some((submodule) => isWithin(file, submodule)))
  const brought = await idsAt(path, commit, asked, { run, read }, call)
  return untracked.filter(({ file }) => !brought.has(file))
}

function assemble(
  folders: readonly string[],
  trees: ReadonlyMap<string, string>,
  beside: readonly BesideFile[],
): ReadonlyMap<string, FolderContent> {
  const found = new Map(folders.map((folder) => [folder, new Map<string, BesideFile>()]))
  for (const one of beside) {
    // Of a tracked file that is gone, and an untracked one in its place, the latter counts: it comes later.
    for (const place of ['', ...ancestors(one.file), one.file]) found.get(place)?.set(one.file, one)
  }
  return new Map(
    [...found].map(([folder, files]) => {
      const tree = trees.get(folder)
      const sorted = [...files.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1))
      return [folder, { ...(tree === undefined ? {} : { tree }), beside: sorted }]
    }),
  )
}
