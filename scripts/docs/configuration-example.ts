import type { SchemaNode } from '../../packages/server/src/config/json-schema.ts'
import { inYaml } from './yaml.ts'

/** A whole fairway.yaml with every key and what it is: defaults as they are, examples of what isn't set as comments. */
export function configurationExample(schema: SchemaNode): string {
  return linesOf(schema, '').map(commented).join('\n')
}

interface Line {
  readonly text: string
  readonly comment?: string
}

function linesOf({ properties = {}, required = [] }: SchemaNode, indent: string): readonly Line[] {
  return Object.entries(properties).flatMap(([key, node]) => {
    const { additionalProperties: named, default: value, examples: [example] = [], description = '' } = node
    if (typeof named === 'object' && named.properties) {
      const name = { text: `${indent}  shop:`, comment: 'the name of the app' }
      return [{ text: `${indent}${key}:` }, name, ...linesOf(named, `${indent}    `)]
    }
    if (node.properties) {
      const lines = [{ text: `${indent}${key}:` }, ...linesOf(node, `${indent}  `)]
      // A section that needs something set is there only where it is.
      return node.required?.length && !required.includes(key)
        ? lines.map((line) => hide(line, indent))
        : lines
    }
    const hidden = value === undefined && !required.includes(key) ? '# ' : ''
    const text = `${indent}${hidden}${key}: ${inYaml(value === undefined ? example : value)}`
    return [{ text, comment: firstSentence(description) }]
  })
}

function hide({ text, ...line }: Line, indent: string): Line {
  return { ...line, text: `${indent}# ${text.slice(indent.length)}` }
}

function firstSentence(text: string): string {
  return text.split(/\.(?: |$)/)[0] ?? ''
}

function commented({ text, comment }: Line): string {
  return comment === undefined ? text : `${text.padEnd(column)} # ${comment}`
}

/** Where comments begin; a longer line has its comment where it ends. */
const column = 44
