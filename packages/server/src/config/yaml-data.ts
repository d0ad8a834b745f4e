import {
  type Document,
  isAlias,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { type Finding, fits, type KeyPath } from './key-path.ts'

export interface YamlData {
  /** Objects in it have no prototype, so that no key means more than the others. */
  readonly data: unknown
  readonly findings: readonly Finding[]
  /** Where the key or list item at a path (as JSON) begins. */
  readonly offsets: ReadonlyMap<string, number>
}

/** More values than any configuration has: aliases of aliases grow without bound. */
const mostValues = 20_000

/** The data of a document without syntax errors; unlike the parser's own, it knows where everything stands. */
export function toData(document: Document): YamlData {
  const findings: Finding[] = []
  const offsets = new Map<string, number>()
  const targets = aliasTargets(document)
  const open = new Set<Node>()
  let count = 0

  const convert = (node: unknown, at: KeyPath): unknown => {
    count += 1
    if (count > mostValues || !isNode(node)) return null
    if (isAlias(node)) {
      const target = targets.get(node)
      return target
        ? convert(target, at)
        : complain(at, `there is no anchor &${node.source} before this alias`)
    }
    if (isScalar(node)) return scalarValue(node, at)
    if (open.has(node)) return complain(at, 'contains itself')
    open.add(node)
    const value = isSeq(node) ? convertItems(node.items, at) : convertPairs(node, at)
    open.delete(node)
    return value
  }

  const convertItems = (items: readonly unknown[], at: KeyPath): unknown[] =>
    items.map((item, index) => {
      remember([...at, index], item)
      return convert(item, [...at, index])
    })

  const convertPairs = ({ items }: YAMLMap, at: KeyPath): unknown => {
    const object: Record<string, unknown> = Object.create(null)
    for (const { key, value } of items) {
      const name = keyName(key)
      if (name === undefined) {
        complain(at, 'has a key that is not text')
        continue
      }
      if (Object.hasOwn(object, name)) complain([...at, name], 'is given twice')
      remember([...at, name], key)
      object[name] = convert(value, [...at, name])
    }
    return object
  }

  const remember = (at: KeyPath, node: unknown): void => {
    if (isNode(node) && node.range) offsets.set(JSON.stringify(at), node.range[0])
  }

  const complain = (at: KeyPath, message: string): undefined => void findings.push({ at, message })

  const data = convert(document.contents, [])
  if (count > mostValues) complain([], 'has too many values (do aliases repeat each other?)')
  return { data, findings, offsets }
}

/** An alias means the last anchor of its name before it. */
function aliasTargets(document: Document): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Node, Node>()
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node)
      }
    },
  })
  return targets
}

/** Variables for Compose are taken as written: `TAG: 1.10` is 1.10, not 1.1. */
function scalarValue({ value, source }: Scalar, at: KeyPath): unknown {
  const isVariable = fits(at, ['apps', '*', 'compose', 'environment', '*'])
  return isVariable && typeof value !== 'string' && value !== null ? source : value
}

/** As written, so that an app may be called `on` or `1`. */
function keyName(key: unknown): string | undefined {
  return isScalar(key) && key.value !== null ? key.source : undefined
}
