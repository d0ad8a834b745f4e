import { join } from 'node:path'
import { DeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import type { BesideFile, ContentsOptions, FolderContent, Git } from '../git.ts'
import { ancestors, isBehindLink } from './behind-link.ts'
import { isSame, lstatOrNothing, readStored } from './blob.ts'
import type { RunGit } from './command.ts'
import { type DigestFile, fileDigests } from './file-digests.ts'
import { idsAt } from './ids-at.ts'
import { hasContentOf, parsePointer } from './lfs-pointer.ts'
import type { ReadGit } from './reads.ts'
import { readSmallBlobs } from './small-blobs.ts'
import { type SpecialFiles, specialFiles } from './special-files.ts'
import { type Edited, readStatus } from './status.ts'
import { walk } from './walk.ts'

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly digest?: DigestFile
}

interface Look extends Required<ContentsOptions> {
  readonly path: string
  readonly commit: string
  /** Not below one another. */
  readonly folders: readonly string[]
  readonly run: RunGit
  readonly read: ReadGit
  readonly digest: DigestFile
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
  const { edited, others } = await readStatus(path, folders, run, call)
  // Git names the folder in which nothing is tracked, which may be above the one that was asked for.
  const starts = [...others, ...submodulesAround(folders, special)].flatMap((place) =>
    meeting(place, folders),
  )
  const untracked = await walk(starts, { path, digest, skip }, call)
  const hidden = await findHidden(look, special.hidden, call)
  return edits
    ? [...(await findEdited(look, edited, call)), ...hidden, ...untracked]
    : [...hidden, ...(await notIn(look, untracked, special, call))]
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

async function findEdited(
  { path, skip, run, digest }: Look,
  edited: readonly Edited[],
  call?: Call,
): Promise<readonly BesideFile[]> {
  const counting = edited.filter(({ file }) => !skip(file, false))
  // What git-lfs wrote differs from its pointer: filters are off, so that git tells the two apart by their content.
  const touched = counting.filter(({ state }) => state === '.M').map(({ index }) => index)
  const texts = touched.length === 0 ? undefined : await readSmallBlobs(path, touched, run, call)
  const found: BesideFile[] = []
  for (const { file, state, head, index } of counting) {
    const place = join(path, file)
    const isThere = !/D$|^D\.$/.test(state) && !(await isBehindLink(path, file))
    if (!isThere) {
      found.push({ file })
      continue
    }
    const pointer = state === '.M' ? parsePointer(texts?.get(index) ?? '') : undefined
    if (pointer && (await hasContentOf(place, pointer))) continue
    // Staged, and put back in the tree.
    const stored = state.startsWith('.') ? undefined : await readStored(place)
    if (stored && head.blob !== '' && isSame(stored, { ...head, file })) continue
    found.push({ file, ...(await digest(place)) })
  }
  return found
}

/** Files that git was told not to look at: gone, as in a sparse checkout, or of other content than the commit's. */
async function findHidden(
  { path, commit, folders, edits, skip, run, read, digest }: Look,
  hidden: readonly string[],
  call?: Call,
): Promise<readonly BesideFile[]> {
  const counting = hidden.filter(
    (file) => !skip(file, false) && folders.some((folder) => isWithin(file, folder)),
  )
  const ids = await idsAt(path, commit, counting, { run, read }, call)
  const found: BesideFile[] = []
  for (const [file, blob] of ids) {
    const place = join(path, file)
    if ((await isBehindLink(path, file)) || (await lstatOrNothing(place)) === undefined) found.push({ file })
    // A pull ends the hiding, and replaces the edits.
    else if (edits) {
      const stored = await readStored(place)
      const mode = stored?.link === true ? '120000' : '100644'
      if (!stored || !isSame(stored, { mode, blob, file })) found.push({ file, ...(await digest(place)) })
    }
  }
  return found
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

function outermost(folders: readonly string[]): readonly string[] {
  const unique = [...new Set(folders)]
  return unique.filter((folder) => !unique.some((other) => other !== folder && isWithin(folder, other)))
}

function isWithin(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`)
}
