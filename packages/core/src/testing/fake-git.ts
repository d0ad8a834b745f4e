import { DeployError } from '../errors.ts'
import type { Described, Git, Unsupported } from '../executors/git.ts'
import { overwrittenRef } from '../executors/git/overwritten-ref.ts'
import { assertRefName } from '../executors/git/ref-name.ts'
import { filterProblem, unsupportedError } from '../executors/git/unsupported.ts'
import type { Call } from '../run.ts'
import { fakeReleases } from './fake-releases.ts'
import { fakeContents, idOf, isWithin } from './fake-contents.ts'
import { clashing, fakeRepositories, type FakeTree } from './fake-repositories.ts'

/** A git in memory: one remote, any number of checkouts. */
export interface FakeGit extends Git {
  /** What talked to the remote or changed a checkout, such as `fetch refs/heads/main` and `move main <commit>`. */
  readonly calls: readonly string[]
  /** Makes a commit of exactly these files on a ref of the remote and returns it; `body`: its message below the subject; `orphan`: without the ref's history, as after a force-push. */
  readonly commit: (
    ref: string,
    files: FakeTree,
    options?: Partial<Described> & { readonly orphan?: boolean; readonly body?: string },
  ) => string
  /** Takes a ref away from the remote. */
  readonly removeRef: (ref: string) => void
  /** Makes a checkout of a branch of the remote, as if it had been there all along. */
  readonly checkOut: (path: string, branch?: string) => void
  /** Writes a file into a checkout, or into a folder that is none. */
  readonly write: (path: string, file: string, text: string) => void
  /** A file of a checkout; undefined where there is none. */
  readonly read: (path: string, file: string) => string | undefined
  /** Makes a method reject from now on; without an error of your own with `git_failed`. */
  readonly fail: (method: keyof Git, error?: Error) => void
  /** Makes it work again. */
  readonly mend: (method: keyof Git) => void
}

/** A git without history, index or network, but with everything that a deploy asks for. */
export function fakeGit({ defaultBranch = 'main' }: { readonly defaultBranch?: string } = {}): FakeGit {
  const calls: string[] = []
  const failures = new Map<keyof Git, Error>()
  const { commits, remote, folder, repository, initialise, add, filesOf, history, receive, move } =
    fakeRepositories()

  const enter = (method: keyof Git, call: Call | undefined, does?: string): void => {
    call?.signal?.throwIfAborted()
    if (does !== undefined) calls.push(does)
    const error = failures.get(method)
    if (error) throw error
  }
  const fileTreeOf = (path: string, commit: string): FakeTree => {
    if (repository(path).known.has(commit)) return filesOf(commit)
    throw new DeployError('git_failed', `Cannot read ${path}: ${commit} is not there`)
  }
  const unsupportedIn = (commit: string): Unsupported | undefined =>
    filterProblem({ filters: readFilters(filesOf(commit)) })

  return {
    calls,
    commit(ref, files, { orphan = false, subject = 'change', body, author = 'Ada' } = {}) {
      const parent = orphan ? undefined : remote.get(ref)
      const message = body === undefined ? subject : `${subject}\n\n${body}`
      const commit = add({ parent, files: { ...files }, subject, author, message })
      remote.set(ref, commit)
      return commit
    },
    removeRef: (ref) => void remote.delete(ref),
    checkOut(path, branch = defaultBranch) {
      initialise(path)
      move(path, branch, receive(path, `refs/heads/${branch}`).commit)
    },
    write: (path, file, text) => void folder(path).files.set(file, text),
    read: (path, file) => folder(path).files.get(file),
    fail: (method, error = new DeployError('git_failed', `git failed to ${method}`)) =>
      void failures.set(method, error),
    mend: (method) => void failures.delete(method),

    ...fakeReleases(enter),

    async version(call) {
      enter('version', call)
      return '0.0.0'
    },
    async head(path, call) {
      enter('head', call)
      const checkout = folder(path).repository
      if (!checkout) return undefined
      const { head, branch } = checkout
      return { branch, ...(head === undefined ? {} : { commit: head }) }
    },
    async create({ path }, call) {
      enter('create', call, `create ${path}`)
      if (folder(path).files.size > 0 || folder(path).repository)
        throw new DeployError('checkout_invalid', `Cannot clone into ${path}: it is not empty`)
      initialise(path)
    },
    async defaultBranch(_checkout, call) {
      enter('defaultBranch', call, 'ask for the default branch')
      return defaultBranch
    },
    async fetch({ path }, ref, call) {
      enter('fetch', call, `fetch ${ref}`)
      assertRefName(ref)
      return receive(path, ref)
    },
    async fetchNamed({ path }, name, call) {
      enter('fetchNamed', call, `fetch named ${name}`)
      assertRefName(name)
      const candidates = [name, `refs/heads/${name}`, `refs/tags/${name}`]
      const ref = candidates.find((candidate) => remote.has(candidate))
      return ref === undefined && commits.has(name) ? receive(path, name, name) : receive(path, ref ?? name)
    },
    async prepare({ path }, commit, call) {
      enter('prepare', call)
      repository(path)
      return unsupportedIn(commit)
    },
    async inTheWay(path, commit, call) {
      enter('inTheWay', call)
      const tracked = filesOf(repository(path).head)
      const untracked = new Map([...folder(path).files].filter(([file]) => !Object.hasOwn(tracked, file)))
      const found = Object.entries(filesOf(commit)).flatMap(([file, text]) =>
        Object.hasOwn(tracked, file) || untracked.get(file) === text ? [] : clashing(untracked, file),
      )
      return [...new Set(found)].toSorted()
    },
    async keepEdits(path, time, call) {
      enter('keepEdits', call)
      const checkout = repository(path)
      const now = folder(path).files
      const tracked = Object.entries(filesOf(checkout.head))
      const edited = tracked.filter(([file, text]) => now.get(file) !== text).map(([file]) => file)
      if (edited.length === 0) return undefined
      const ref = overwrittenRef(time)
      calls.push(`keep ${ref}`)
      return { ref, files: edited.toSorted() }
    },
    async keepCommits(_path, _tip, _time, call) {
      // Nobody commits in a checkout of this one.
      enter('keepCommits', call)
      return undefined
    },
    async advance(_checkout, _branch, _commit, call) {
      // All that stands in a move's way has a method of its own here, so that a test can make it fail.
      enter('advance', call)
      return false
    },
    async moveTo({ path }, branch, commit, call) {
      enter('moveTo', call, `move ${branch} ${commit}`)
      const unsupported = unsupportedIn(commit)
      if (unsupported) throw unsupportedError(`Cannot move ${path} to ${commit}`, unsupported)
      if (!repository(path).known.has(commit))
        throw new DeployError('git_failed', `Cannot move ${path} to ${commit}: not a commit`)
      move(path, branch, commit)
    },
    async changedFiles(path, from, to, call) {
      enter('changedFiles', call)
      if (!repository(path).known.has(from)) return undefined
      const [before, after] = [filesOf(from), filesOf(to)]
      const names = new Set([...Object.keys(before), ...Object.keys(after)])
      return [...names].filter((file) => before[file] !== after[file]).toSorted()
    },
    async isTracked(path, file, call) {
      enter('isTracked', call)
      return Object.hasOwn(filesOf(repository(path).head), file)
    },
    async deployed(path, app, call) {
      enter('deployed', call)
      return repository(path).deployed.get(app)
    },
    async readState(path, app, call) {
      enter('readState', call)
      return folder(path).repository?.states.get(app)
    },
    async writeState(path, app, state, call) {
      enter('writeState', call, `state ${app} unsettled ${state.unsettled.join(', ') || 'nothing'}`)
      repository(path).states.set(app, structuredClone(state))
    },
    async recordDeployed(path, app, state, call) {
      enter('recordDeployed', call, `deployed ${app} ${state.commit}`)
      const { deployed, states } = repository(path)
      deployed.set(app, state.commit)
      states.set(app, structuredClone(state))
    },
    async tip({ path, url }, ref, call) {
      enter('tip', call, `ask for ${ref}`)
      assertRefName(ref)
      if (url === undefined) repository(path)
      const commit = remote.get(ref)
      return commit === undefined ? undefined : { ref, commit }
    },
    async messages(path, from, to, call) {
      enter('messages', call)
      const { known } = repository(path)
      if (!known.has(to) || (from !== undefined && !known.has(from))) return undefined
      const all = history(to).map((commit) => ({ commit, message: commits.get(commit)?.message ?? '' }))
      const old = new Set(history(from))
      return from === undefined
        ? all.slice(0, 1)
        : all.filter(({ commit }) => !old.has(commit)).slice(0, 1_000)
    },
    async contents(path, commit, folders, options = {}, call) {
      enter('contents', call)
      const head = filesOf(repository(path).head)
      return fakeContents(
        { tree: fileTreeOf(path, commit), head, here: folder(path).files },
        folders,
        options,
      )
    },
    async listFiles(path, commit, places, call) {
      enter('listFiles', call)
      const files = Object.entries(fileTreeOf(path, commit)).filter(([file]) =>
        [places].flat().some((place) => isWithin(file, place)),
      )
      return files
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([file, text]) => ({ file, mode: '100644', id: idOf(text) }))
    },
    async readFile(path, commit, file, call) {
      enter('readFile', call)
      const files = fileTreeOf(path, commit)
      const text = Object.hasOwn(files, file) ? files[file] : undefined
      return text !== undefined && Buffer.byteLength(text) <= 1024 * 1024 ? text : undefined
    },
    async exportTo({ path }, commit, place, call) {
      enter('exportTo', call)
      for (const [file, text] of Object.entries(fileTreeOf(path, commit))) folder(place).files.set(file, text)
    },
    async describe(path, commit, call) {
      enter('describe', call)
      const found = repository(path).known.has(commit) ? commits.get(commit) : undefined
      if (!found) throw new DeployError('git_failed', `Cannot read ${path}: ${commit} is not there`)
      return { subject: found.subject, author: found.author }
    },
  }
}

/** Of a `.gitattributes` at the top: lines such as `*.key filter=git-crypt`. */
function readFilters(files: FakeTree): ReadonlyMap<string, string> {
  const lines = (files['.gitattributes'] ?? '').split('\n')
  const found = lines.flatMap((line) => {
    const [, ending, filter = ''] = /^\*(\S+) filter=(\S+)$/.exec(line) ?? []
    const names = ending === undefined ? [] : Object.keys(files).filter((file) => file.endsWith(ending))
    return names.map((file) => [file, filter] as const)
  })
  return new Map(found)
}
