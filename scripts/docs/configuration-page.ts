import { overridable } from '../../packages/server/src/config/overrides.ts'
import { configJsonSchema, type SchemaNode } from '../../packages/server/src/config/json-schema.ts'
import { configurationExample } from './configuration-example.ts'
import { introduction } from './configuration-introduction.ts'
import { typeInWords } from './type-in-words.ts'
import { inYaml } from './yaml.ts'

/** docs/configuration.md: what every key means, from the schema that checks it. */
export function configurationPage(): string {
  const schema = configJsonSchema()
  const parts = [
    '<!-- Made by scripts/docs/configuration.ts from the schema; change the descriptions there. -->',
    '# Configuration',
    ...introduction,
    '## All keys at a glance',
    'The values are the defaults, but for `repository` and `path`; lines that begin with `#` show keys that are not set by default.',
    // Formatters would take the alignment out.
    `<!-- prettier-ignore -->\n\`\`\`yaml\n${configurationExample(schema)}\n\`\`\``,
    ...describeKeys(schema, '', 2),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Sections become headings, their keys one level below. */
function describeKeys({ properties = {} }: SchemaNode, path: string, level: number): readonly string[] {
  return Object.entries(properties).flatMap(([key, node]) => {
    const own = path === '' ? key : `${path}.${key}`
    const named = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
    if (named?.properties) {
      return [...section(own, node, level), ...describeKeys(named, `${own}.NAME`, level + 1)]
    }
    if (node.properties) return [...section(own, node, level), ...describeKeys(node, own, level + 1)]
    return describeKey(own, node, path === '' ? 2 : level)
  })
}

function section(path: string, { description = '' }: SchemaNode, level: number): readonly string[] {
  return [`${'#'.repeat(level)} ${path}`, description]
}

function describeKey(path: string, node: SchemaNode, level: number): readonly string[] {
  const { description = '', examples = [] } = node
  const facts = [
    typeInWords(node),
    ...defaultInWords(path, node),
    ...decidedBy(path),
    ...(examples.length === 0 ? [] : [`for example ${examples.map(code).join(', ')}`]),
  ]
  return [`${'#'.repeat(level)} ${path}`, facts.join(' · '), description]
}

function defaultInWords(path: string, node: SchemaNode): readonly string[] {
  if (node.default !== undefined) return [`default ${code(node.default)}`]
  return ['apps.NAME.repository', 'apps.NAME.path'].includes(path) ? ['required'] : []
}

/** The variable and the flag that win over the file. */
function decidedBy(path: string): readonly string[] {
  const found = Object.entries(overridable).find(([key]) => path === `server.${key}`)?.[1]
  if (found === undefined) return []
  return [
    ...('flag' in found ? [`flag \`${found.flag}\``] : []),
    ...('variable' in found ? [`environment \`${found.variable}\``] : []),
  ]
}

function code(value: unknown): string {
  return `\`${inYaml(value)}\``
}
