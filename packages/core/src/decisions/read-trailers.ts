export interface Trailer {
  /** In lower case, as its case doesn't count. */
  readonly key: string
  readonly value: string
}

/** The trailers of a commit's message, as `git interpret-trailers` finds them: in the last paragraph, unless that is the title. */
export function readTrailers(message: string): readonly Trailer[] {
  const trailers: Trailer[] = []
  let goesOn = false
  for (const line of trailerBlock(message.trim().split('\n'))) {
    const [, key, value = ''] = trailer.exec(line) ?? []
    const last = trailers.at(-1)
    if (last && goesOn && isContinuation(line)) {
      trailers[trailers.length - 1] = { ...last, value: `${last.value} ${line.trim()}`.trim() }
      continue
    }
    goesOn = key !== undefined
    if (key !== undefined) trailers.push({ key: key.toLowerCase(), value: value.trim() })
  }
  return trailers
}

/** Nobody writes more of them, and whoever sends a delivery chooses how many there are. */
const most = 1_000

/** The last paragraph, where it is one of trailers: all of its lines, or a quarter of them and one that git itself wrote. */
function trailerBlock(lines: readonly string[]): readonly string[] {
  const start = 1 + lines.findLastIndex((line) => line.trim() === '')
  const block = start === 0 || lines.length - start > most ? [] : lines.slice(start)
  const kinds = classify(block)
  const trailers = kinds.filter((kind) => kind === 'trailer').length
  const others = kinds.filter((kind) => kind === 'other').length
  const isOne = others === 0 ? trailers > 0 : block.some(isGits) && trailers * 3 >= others
  return isOne ? block : []
}

/** Lines that are indented belong to the one above. */
function classify(lines: readonly string[]): readonly ('trailer' | 'continuation' | 'other' | 'comment')[] {
  let above = 'other' as 'trailer' | 'other'
  return lines.map((line) => {
    if (isContinuation(line)) return above === 'trailer' ? 'continuation' : 'other'
    above = trailer.test(line) || isGits(line) ? 'trailer' : 'other'
    return line.startsWith('#') ? 'comment' : above
  })
}

function isContinuation(line: string): boolean {
  return /^\s/.test(line)
}

function isGits(line: string): boolean {
  return line.startsWith('Signed-off-by: ') || line.startsWith('(cherry picked from commit ')
}

const trailer = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/s
