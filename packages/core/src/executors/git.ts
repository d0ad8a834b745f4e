import type { Holds, Release } from '../domain/release.ts'
import type { DeployedState } from '../domain/state.ts'
import type { Call } from '../run.ts'

/** A checkout and the remote it follows. */
export interface Checkout {
  readonly path: string
  /** Wins over the checkout's origin. */
  readonly url?: string
  /** Milliseconds that a command that talks to the remote, or moves the tree, may take. */
  readonly timeout: number
  /** What is fetched is there to be looked at: it moves no ref. */
  readonly aside?: true
}

/** What is checked out. */
export interface Head {
  /** Absent before the first commit. */
  readonly commit?: string
  /** Absent when detached. */
  readonly branch?: string
}

/** A ref of the remote and the commit it points to. */
export interface Tip {
  readonly ref: string
  readonly commit: string
}

/** Git, in the words of a deploy. Paths that it returns are relative to the checkout, with `/`. */
export interface Git {
  /** Git's version, such as `2.39.5`; rejects with `git_unavailable` where it is missing. */
  version(call?: Call): Promise<string>
  /** What is checked out there; undefined where there is no checkout. */
  head(path: string, call?: Call): Promise<Head | undefined>
  /** Makes an empty checkout whose origin is `url`, in a folder that is empty or isn't there. */
  create(checkout: Checkout & { readonly url: string }, call?: Call): Promise<void>
  /** The remote's default branch. */
  defaultBranch(checkout: Checkout, call?: Call): Promise<string>
  /** Fetches the tip of a full ref. */
  fetch(checkout: Checkout, ref: string, call?: Call): Promise<Tip>
  /** Fetches what a person named: a full ref, branch, tag or full SHA, tried in this order. */
  fetchNamed(checkout: Checkout, name: string, call?: Call): Promise<Tip>
  /**
   * What keeps a commit from being deployed here, such as a filter, or a submodule that isn't there; undefined where
   * nothing does. Then all is fetched that it needs beside git's own objects (Git LFS).
   */
  prepare(checkout: Checkout, commit: string, call?: Call): Promise<Unsupported | undefined>
  /** Untracked files (ignored ones too) of other content that checking out `commit` would overwrite. */
  inTheWay(path: string, commit: string, call?: Call): Promise<readonly string[]>
  /** Keeps tracked edits under `refs/fairway/overwritten/<time>`; undefined where there are none. */
  keepEdits(path: string, time: Date, call?: Call): Promise<KeptEdits | undefined>
  /**
   * Keeps what is checked out under `refs/fairway/overwritten/<time>` where it holds commits that neither `tip` nor the remote
   * nor a deployment has; gives the ref, or undefined where there are none.
   */
  keepCommits(path: string, tip: string, time: Date, call?: Call): Promise<string | undefined>
  /**
   * Does what `moveTo` does where little looking shows that it can: nothing would keep the commit from being deployed, be in
   * its way, or be lost. False: nothing is changed, and `prepare`, `inTheWay`, `keepEdits`, `keepCommits` and `moveTo` are to follow.
   */
  advance(checkout: Checkout, branch: string, commit: string, call?: Call): Promise<boolean>
  /** Moves tree, index and branch to the commit, whatever the branch was; tracked edits are lost. Git LFS pointers fail it. */
  moveTo(checkout: Checkout, branch: string, commit: string, call?: Call): Promise<void>
  /** Files that differ between two commits; undefined when `from` isn't there (any more). */
  changedFiles(path: string, from: string, to: string, call?: Call): Promise<readonly string[] | undefined>
  isTracked(path: string, file: string, call?: Call): Promise<boolean>
  /** The commit last deployed with success, also where it isn't in the checkout (any more); undefined before the first. */
  deployed(path: string, app: string, call?: Call): Promise<string | undefined>
  /** What the last deployments left to know; undefined before the first, or where it can't be read. */
  readState(path: string, app: string, call?: Call): Promise<DeployedState | undefined>
  writeState(path: string, app: string, state: DeployedState, call?: Call): Promise<void>
  /** Moves `refs/fairway/deployed/<app>` and `refs/fairway/state/<app>` together. */
  recordDeployed(
    path: string,
    app: string,
    state: DeployedState & { readonly commit: string },
    call?: Call,
  ): Promise<void>
  /** The releases of an app, newest first. */
  releases(path: string, app: string, call?: Call): Promise<readonly Release[]>
  /** Keeps a release, and the objects of its commit with it. */
  keepRelease(path: string, app: string, release: Release, call?: Call): Promise<void>
  /** Forgets releases by their ids; one that isn't there is no error. */
  dropReleases(path: string, app: string, ids: readonly string[], call?: Call): Promise<void>
  /** What of an app must not be deployed; nothing where there is no checkout. */
  holds(path: string, app: string, call?: Call): Promise<Holds>
  /**
   * Replaces what is held by what `change` makes of it, and gives that. Where somebody else writes in the same moment, `change` is asked
   * once more, with what they wrote.
   */
  changeHolds(path: string, app: string, change: (holds: Holds) => Holds, call?: Call): Promise<Holds>
  /** What a full ref of the remote points to now; undefined where it isn't there. Needs no checkout where there is a `url`. */
  tip(checkout: Checkout, ref: string, call?: Call): Promise<Tip | undefined>
  /**
   * What lies in folders (relative, `` the top; a file too) when `commit` is checked out: git's id of each one's tree, and what lies
   * there beside it (untracked and ignored files, tracked ones that are edited), by content; nothing of a folder `.git`. Of a submodule
   * git's id stands for all that is in it, unless one asks for a folder in it. Without `edits` edits don't count: a pull replaces them.
   */
  contents(
    path: string,
    commit: string,
    folders: readonly string[],
    options?: ContentsOptions,
    call?: Call,
  ): Promise<ReadonlyMap<string, FolderContent>>
  /** The files of a commit below a folder (relative, `` the top; a file is itself) or several, with git's ids of their contents. */
  listFiles(
    path: string,
    commit: string,
    folders: string | readonly string[],
    call?: Call,
  ): Promise<readonly TrackedFile[]>
  /** A file's text at a commit; undefined where there is none, or it is larger than 1 MiB. */
  readFile(path: string, commit: string, file: string, call?: Call): Promise<string | undefined>
  /**
   * Writes the files of a commit into an empty folder, as a checkout of it has them, but for what Git LFS would fetch (its pointers
   * stay) and what submodules hold (empty folders); nothing of the checkout changes.
   */
  exportTo(checkout: Checkout, commit: string, folder: string, call?: Call): Promise<void>
  /** What commits say that `to` has and `from` has not (without `from`: `to` alone), newest first, at most 1,000; undefined when one of the two isn't there (any more). */
  messages(
    path: string,
    from: string | undefined,
    to: string,
    call?: Call,
  ): Promise<readonly CommitMessage[] | undefined>
  /** What a commit that is in the checkout says of itself, as it stands there: clean it before you show it. */
  describe(path: string, commit: string, call?: Call): Promise<Described>
}

export interface ContentsOptions {
  readonly edits?: boolean
  /** Whether a file, or a folder with all that is below it, need not be looked at: then it isn't told among `beside`. */
  readonly skip?: (path: string, isFolder: boolean) => boolean
}

/** What lies in a folder. */
export interface FolderContent {
  /** Git's id of its tree; absent where the commit has no such folder. */
  readonly tree?: string
  /** What differs from that or isn't in it; paths relative to the checkout. */
  readonly beside: readonly BesideFile[]
}

export interface BesideFile {
  readonly file: string
  /** Digest of its content and mode; absent: it is gone, or there is a problem. */
  readonly digest?: string
  /** Why it can't be read: `permission denied`. */
  readonly problem?: string
}

export interface TrackedFile {
  /** Relative to the checkout. */
  readonly file: string
  /** `100644`, `100755`, `120000` (a symbolic link), `160000` (a submodule). */
  readonly mode: string
  readonly id: string
}

export interface CommitMessage {
  readonly commit: string
  /** The whole message, as it stands there: clean it before you show it. */
  readonly message: string
}

/** What a commit says of itself. */
export interface Described {
  /** The first line of its message. */
  readonly subject: string
  readonly author: string
}

/** Why a commit can't be deployed. */
export interface Unsupported {
  /** Goes after a colon: `Cannot deploy <commit> into shop: the submodule lib is recorded at ...`. */
  readonly problem: string
  /** What to do. */
  readonly hint: string
}

export interface KeptEdits {
  readonly ref: string
  readonly files: readonly string[]
}
