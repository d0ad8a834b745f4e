import type { DeployedState } from '../domain/state.ts'
import { DeployError } from '../errors.ts'
import type { Described, Tip } from '../executors/git.ts'

/** Files of a commit or a checkout: from paths relative to its top folder to texts. */
export type FakeTree = Readonly<Record<string, string>>

interface Commit extends Described {
  /** The whole of it, the subject first. */
  readonly message: string
  readonly parent: string | undefined
  readonly files: FakeTree
}

interface Folder {
  /** Every file that lies there, tracked or not. */
  readonly files: Map<string, string>
  /** Absent where the folder is no checkout. */
  repository?: Repository
}

interface Repository {
  branch: string
  head?: string
  /** Commits that were fetched or made here. */
  readonly known: Set<string>
  readonly deployed: Map<string, string>
  readonly states: Map<string, DeployedState>
}

/** What a git in memory works on: commits, the refs of one remote, and folders, some of them checkouts. */
export interface FakeRepositories {
  readonly commits: ReadonlyMap<string, Commit>
  /** Commits by the refs of the remote. */
  readonly remote: Map<string, string>
  /** The folder at a path, empty where there was none. */
  readonly folder: (path: string) => Folder
  /** Throws where there is no checkout. */
  readonly repository: (path: string) => Repository
  readonly initialise: (path: string) => Repository
  /** Keeps a commit and gives its id. */
  readonly add: (commit: Commit) => string
  readonly filesOf: (commit: string | undefined) => FakeTree
  /** A commit and all before it, newest first. */
  readonly history: (commit: string | undefined) => readonly string[]
  /** Makes a commit of the remote, with all before it, known in a checkout. */
  readonly receive: (path: string, ref: string, commit?: string) => Tip
  /** Replaces the tracked files of a checkout by those of a commit. */
  readonly move: (path: string, branch: string, commit: string) => void
}

/** No commits, an empty remote, no folders. */
export function fakeRepositories(): FakeRepositories {
  const commits = new Map<string, Commit>()
  const remote = new Map<string, string>()
  const folders = new Map<string, Folder>()

  const folder = (path: string): Folder => {
    const found = folders.get(path) ?? { files: new Map<string, string>() }
    folders.set(path, found)
    return found
  }
  const repository = (path: string): Repository => {
    const found = folders.get(path)?.repository
    if (found) return found
    throw new DeployError('git_failed', `Cannot read ${path}: not a git repository`)
  }
  const initialise = (path: string): Repository =>
    (folder(path).repository = {
      branch: 'main',
      known: new Set(),
      deployed: new Map(),
      states: new Map(),
    })
  const add = (commit: Commit): string => {
    const id = (commits.size + 1).toString(16).padStart(4, '0').repeat(10)
    commits.set(id, commit)
    return id
  }
  const filesOf = (commit: string | undefined): FakeTree => commits.get(commit ?? '')?.files ?? {}
  const history = (commit: string | undefined): readonly string[] => {
    const found: string[] = []
    for (let next = commit; next !== undefined; next = commits.get(next)?.parent) found.push(next)
    return found
  }
  const receive = (path: string, ref: string, commit = remote.get(ref)): Tip => {
    if (commit === undefined)
      throw new DeployError(
        'ref_not_found',
        `Cannot fetch ${ref} into ${path}: couldn't find remote ref ${ref}`,
      )
    for (const known of history(commit)) repository(path).known.add(known)
    return { ref, commit }
  }
  const move = (path: string, branch: string, commit: string): void => {
    const checkout = repository(path)
    const { files } = folder(path)
    for (const file of Object.keys(filesOf(checkout.head))) files.delete(file)
    for (const [file, text] of Object.entries(filesOf(commit))) {
      for (const other of clashing(files, file)) files.delete(other)
      files.set(file, text)
    }
    Object.assign(checkout, { branch, head: commit })
  }

  return { commits, remote, folder, repository, initialise, add, filesOf, history, receive, move }
}

/** What lies where a file is to be written: itself, files in a folder of its name, a file where it needs a folder. */
export function clashing(files: ReadonlyMap<string, string>, file: string): readonly string[] {
  return [...files.keys()].filter(
    (other) => other === file || other.startsWith(`${file}/`) || file.startsWith(`${other}/`),
  )
}
