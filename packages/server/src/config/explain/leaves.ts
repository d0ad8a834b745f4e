import { asWritten, type SchemaNode } from '../json-schema.ts'
import type { KeyPath } from '../key-path.ts'
import { isFields } from '../raw.ts'
import { isSecretPlace } from './mask.ts'
import { valueAt } from './origin.ts'

/** A key that has a value of its own, in the order of the schema; undefined: it is known, but not set. */
export interface Leaf {
  readonly at: KeyPath
  readonly value: unknown
}

/** Every key of the schema with its value; names come from `value`, and from `input` where they lost theirs on the way. */
export function leaves(
  node: SchemaNode,
  { value, input }: { value: unknown; input: unknown },
  at: KeyPath = [],
): readonly Leaf[] {
  const inner = (key: string | number, child: SchemaNode): readonly Leaf[] => {
    return leaves(child, { value: valueAt(value, [key]), input: valueAt(input, [key]) }, [...at, key])
  }
  if (node.properties) return Object.entries(node.properties).flatMap(([key, child]) => inner(key, child))
  if (typeof node.additionalProperties === 'object') {
    const names = new Set([value, input].flatMap((fields) => (isFields(fields) ? Object.keys(fields) : [])))
    const child = node.additionalProperties
    return names.size === 0 ? [{ at, value: {} }] : [...names].flatMap((name) => inner(name, child))
  }
  if (Array.isArray(value) && value.length > 0 && isSecretPlace([...at, 0])) {
    return value.map((item: unknown, index) => ({ at: [...at, index], value: item }))
  }
  return [{ at, value: asWritten(value, node) }]
}
