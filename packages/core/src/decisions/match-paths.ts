import picomatch from 'picomatch'

/**
 * Whether a file matches a list of globs: the last one that matches it decides, and `!` negates. A list of nothing but negations
 * starts from every file. Files and globs are relative to the top of the checkout; names that begin with a dot are like any other.
 */
export function pathMatcher(globs: readonly string[]): (file: string) => boolean {
  const rules = globs.map((glob) => {
    const { pattern, negated } = split(glob)
    return { matches: globMatcher(pattern), negated }
  })
  const otherwise = rules.every(({ negated }) => negated)
  return (file) => {
    const names = file.split('/')
    const last = rules.findLast(({ matches }) => matches(names))
    return last === undefined ? otherwise : !last.negated
  }
}

/** Whether every file matches these globs, so that nobody need ask which files changed. */
export function matchesEverything(globs: readonly string[]): boolean {
  return globs.every((glob) => glob === '**')
}

/** What is wrong with a glob, after its name; undefined where nothing is. */
export function globProblem(glob: string): string | undefined {
  const { pattern } = split(glob)
  const parts = pattern.split('/')
  if (pattern === '' || pattern.startsWith('!')) return 'must have a glob after the !'
  if (pattern.startsWith('/')) return 'must be relative to the checkout'
  if (pattern.endsWith('/')) return 'must match files: all that is in a folder is folder/**'
  if (parts.includes('..')) return 'must stay inside the checkout'
  if (parts.some((part) => part === '' || part === '.')) return 'must not have empty parts or . between its /'
  if (parts.some((part) => (part.match(/\*+/g) ?? []).length > mostStars)) {
    return `must not have more than ${mostStars} * between two /`
  }
  return parts.every(isValid) ? undefined : 'is not a glob; { }, [ ] and ( ) must be closed before the next /'
}

function split(glob: string): { readonly pattern: string; readonly negated: boolean } {
  const negated = glob.startsWith('!')
  return { pattern: negated ? glob.slice(1) : glob, negated }
}

type Matches = (names: readonly string[]) => boolean

/**
 * Goes through the names of a path one by one: `**` as part of one regular expression takes minutes for some paths, and whoever
 * pushes chooses those.
 */
function globMatcher(pattern: string): Matches {
  const parts = pattern.split('/').map((part) => (part === '**' ? part : picomatch(part, options)))
  const end = parts.length
  /** Parts that may come next: `**` stands for no folder at all, too, but at the end for something. */
  const from = (at: number): readonly number[] =>
    parts[at] === '**' && at + 1 < end ? [at, ...from(at + 1)] : [at]
  const after = (at: number, name: string): readonly number[] => {
    const part = parts[at]
    if (part === '**') return at + 1 < end ? from(at) : [at, end]
    return name.length <= longest && part?.(name) ? from(at + 1) : []
  }
  return (names) => {
    let reached: readonly number[] = from(0)
    for (const name of names) reached = [...new Set(reached.flatMap((at) => after(at, name)))]
    return reached.includes(end)
  }
}

/** Each makes the regular expression slower by the length of a name. */
const mostStars = 3
/** No longer name can be checked out. */
const longest = 255

function isValid(part: string): boolean {
  try {
    picomatch.makeRe(part, { ...options, strictBrackets: true, debug: true })
    return true
  } catch {
    return false
  }
}

// `s`: names of files may have line breaks in them. Without extglobs `!(docs)` is what it looks like: a negation.
const options = { dot: true, nonegate: true, noextglob: true, flags: 's' } as const
