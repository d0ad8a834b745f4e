import { LineCounter, parseDocument } from 'yaml'
import { ConfigError, type Mistake } from './config-error.ts'
import type { Finding, KeyPath } from './key-path.ts'
import { toData } from './yaml-data.ts'

/** What a YAML file says, and where in it. */
export interface YamlFile {
  readonly data: unknown
  readonly findings: readonly Finding[]
  /** `line:column` of the key or list item, or of the nearest one around it. */
  locate(at: KeyPath): string | undefined
}

/** Reads YAML 1.2 without custom tags; throws `ConfigError` with every syntax error. */
export function readYaml(text: string, file: string): YamlFile {
  if (text.length > longest) {
    throw new ConfigError([{ path: '', message: 'is too large for a configuration (256 KiB at most)' }], {
      file,
    })
  }
  const lines = new LineCounter()
  // Keys that are given twice are found by `toData`, which knows their path.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
    uniqueKeys: false,
  })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${line}:${col}`
  }
  const mistakes = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }): Mistake => {
    const hint = wantsQuotes(text, offset) ? ' (inside [ ] and { }, put "${NAME}" in quotes)' : ''
    return { path: '', message: `${withoutSource(message)}${hint}`, line: place(offset) }
  })
  if (mistakes.length > 0) throw new ConfigError(mistakes, { file })

  const { data, findings, offsets } = toData(document)
  return {
    data,
    findings,
    locate(at) {
      const parents = at.map((_, index) => JSON.stringify(at.slice(0, at.length - index)))
      const nearest = parents.find((path) => offsets.has(path))
      const offset = nearest === undefined ? undefined : offsets.get(nearest)
      return offset === undefined ? undefined : place(offset)
    },
  }
}

const longest = 256 * 1024

/** The parser ends some messages with a piece of the file, in which a secret may stand. */
function withoutSource(message: string): string {
  return message.split(/: | \\| character /)[0] ?? message
}

function wantsQuotes(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const [line = ''] = text.slice(start).split('\n', 1)
  return line.includes('${') && /[[{]/.test(line.replaceAll('${', ''))
}
