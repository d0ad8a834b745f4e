import { normalize } from 'node:path/posix'

/** A line of an ignore file. */
export interface IgnorePattern {
  readonly negated: boolean
  /** The one path that it matches, where it has no wildcard. */
  readonly exact?: string
  matches(path: string): boolean
}

/** The patterns of an ignore file; undefined where one is refused by Docker, or means what only Go's regular expressions can tell. */
export function readIgnorePatterns(text: string): readonly IgnorePattern[] | undefined {
  const patterns: IgnorePattern[] = []
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (line.startsWith('#') || line.trim() === '') continue
    const pattern = readPattern(line.trim())
    if (!pattern) return undefined
    patterns.push(pattern)
  }
  return patterns
}

function readPattern(line: string): IgnorePattern | undefined {
  const negated = line.startsWith('!')
  const given = negated ? line.slice(1).trim() : line
  if (given === '') return undefined
  const cleaned = clean(given)
  const pattern = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned
  if (negated && pattern === '/') return undefined
  const compiled = compile(pattern)
  return compiled && { negated, ...compiled }
}

/** As Go's filepath.Clean. */
function clean(path: string): string {
  const normal = normalize(path)
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

/** What Docker looks at instead of a regular expression where a pattern is plain enough; the results differ. */
function compile(pattern: string): Omit<IgnorePattern, 'negated'> | undefined {
  if (!/[*?[\]\\]/.test(pattern)) return { exact: pattern, matches: (path) => path === pattern }
  const [, start, rest = ''] = /^(\*\*)?([^]*)$/.exec(pattern) ?? []
  const isPlain = (text: string): boolean => !/[*?[\]\\]/.test(text)
  if (start !== undefined && isPlain(rest)) {
    return { matches: (path) => path.endsWith(rest) || (rest.startsWith('/') && path === rest.slice(1)) }
  }
  if (pattern.endsWith('**') && isPlain(pattern.slice(0, -2))) {
    return { matches: (path) => path.startsWith(pattern.slice(0, -2)) }
  }
  const expression = toExpression(pattern)
  return expression && { matches: (path) => expression.test(path) }
}

function toExpression(pattern: string): RegExp | undefined {
  let source = ''
  for (let at = 0; at < pattern.length;) {
    const [token = ''] = tokens.exec(pattern.slice(at)) ?? []
    if (token === '') return undefined
    at += token.length
    if (token.startsWith('**')) source += at === pattern.length ? '.*' : '(?:.*/)?'
    else if (token === '*') source += '[^/]*'
    else if (token === '?') source += '[^/]'
    else if (token.startsWith('[')) source += token
    else source += escape(token.replace(/^\\/, ''))
  }
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    // A range from z to a.
    return undefined
  }
}

/**
 * Stars and the slash after two of them, a class of plain characters, an escaped mark, or any other character but those that are
 * part of an expression for some versions of Docker and not for others.
 */
const tokens = /^(?:\*\*\/?|\*|\?|\[\^?[\p{L}\p{N} _.,=@#%~-]+\]|\\[^\p{L}\p{N}]|[^[\\^|(){}+])/u

function escape(character: string): string {
  return character.replace(/[$()*+.?[\\\]^{|}/]/u, String.raw`\$&`)
}
