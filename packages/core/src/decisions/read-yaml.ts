import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, Parser, type YAMLMap } from 'yaml'
import { type Fields, isFields } from '../fields.ts'

/** Why a text was not read. */
export type Refused = 'no YAML' | 'too many nodes' | 'a circle of aliases' | 'too deep'
/** What a YAML text holds, or why nobody should expand it. */
export type ReadYaml =
  | { readonly documents: readonly unknown[]; readonly nodes: number }
  | { readonly refused: Refused }

/**
 * Reads YAML in time and memory that `maxNodes` bounds: an alias gives the very value of its anchor, and counts with all that
 * is in it. Scalars are text; what `<<` merges is there already.
 */
export function readYaml(text: string, maxNodes: number): ReadYaml {
  try {
    const { valueOf, nodes } = expander(maxNodes)
    const documents = parse(text, maxNodes).map(({ contents }) => valueOf(contents))
    return { documents, nodes: nodes() }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.why }
    if (error instanceof RangeError) return { refused: 'too deep' }
    throw error
  }
}

/** Each node is made of a few lexemes: name, blank, colon, line end. */
const lexemesPerNode = 4

/** Stops at the first mistake: a long text of nothing else would take minutes. */
function parse(text: string, maxNodes: number): readonly Document[] {
  const parser = new Parser()
  // Without a comparison of each key with each other one.
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const documents: Document[] = []
  const take = (found: Iterable<Document>): void => {
    for (const document of found) {
      if (document.errors.length > 0) throw new Refusal('no YAML')
      documents.push(document)
    }
  }
  let left = maxNodes * lexemesPerNode
  for (const lexeme of new Lexer().lex(text)) {
    if (--left < 0) throw new Refusal('too many nodes')
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') throw new Refusal('no YAML')
      take(composer.next(token))
    }
  }
  for (const token of parser.end()) {
    if (token.type === 'error') throw new Refusal('no YAML')
    take(composer.next(token))
  }
  take(composer.end())
  return documents
}

class Refusal extends Error {
  readonly why: Refused
  constructor(why: Refused) {
    super(why)
    this.why = why
  }
}

/** Makes values of nodes, each walked once and in their order, as an alias stands for the last anchor of its name before it. */
function expander(maxNodes: number): {
  readonly valueOf: (node: unknown) => unknown
  readonly nodes: () => number
} {
  const anchors = new Map<string, { readonly value: unknown; readonly nodes: number } | 'open'>()
  let nodes = 0
  const count = (more: number): void => {
    nodes += more
    if (nodes > maxNodes) throw new Refusal('too many nodes')
  }

  const valueOf = (node: unknown): unknown => {
    count(1)
    if (isAlias(node)) return anchored(node.source)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor === undefined) return content(node)
    const before = nodes
    anchors.set(anchor, 'open')
    const value = content(node)
    anchors.set(anchor, { value, nodes: nodes - before + 1 })
    return value
  }
  const anchored = (name: string): unknown => {
    const found = anchors.get(name)
    if (found === undefined) throw new Refusal('no YAML')
    if (found === 'open') throw new Refusal('a circle of aliases')
    count(found.nodes)
    return found.value
  }
  const content = (node: unknown): unknown => {
    if (isScalar(node)) return node.value
    if (isSeq(node)) return node.items.map(valueOf)
    return isMap(node) ? fields(node) : undefined
  }
  const fields = ({ items }: YAMLMap): Fields => {
    const own = new Map<string, unknown>()
    const merged: unknown[] = []
    for (const { key, value } of items) {
      const name = String(valueOf(key))
      const found = valueOf(value)
      if (name === '<<') merged.push(...[found].flat())
      else own.set(name, found)
    }
    // Without a prototype, so that a key called `__proto__` is a key.
    return Object.assign(
      Object.create(null),
      ...merged.toReversed().filter(isFields),
      Object.fromEntries(own),
    )
  }
  return { valueOf, nodes: () => nodes }
}
