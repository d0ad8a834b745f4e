import { appDefaults } from '@fairway/core/basics'
import { z } from 'zod'
import { durationTitle, showBytes, showDuration, sizeTitle } from './fields.ts'
import { configSchema } from './schema.ts'
import { defaultSecrets } from './schema/webhook.ts'

/** As much of JSON Schema as the configuration's uses. */
export interface SchemaNode {
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly items?: SchemaNode
  readonly properties?: Readonly<Record<string, SchemaNode>>
  /** Of a section whose keys are names. */
  readonly additionalProperties?: SchemaNode | boolean
  readonly required?: readonly string[]
}

/** The keys of fairway.yaml as JSON Schema, draft 7, for editors: `# yaml-language-server: $schema=FILE`. */
export function configJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }) as SchemaNode
  const { server, webhook, apps, ignore } = configSchema.parse({ apps: { shop: least } })
  const filled = withDefaults(schema, {
    server,
    webhook: { ...webhook, secrets: defaultSecrets },
    apps: { '*': { ...withoutExamples(apps['shop']), ...appDefaults } },
    ignore,
  })
  return { ...filled, title: 'fairway.yaml' }
}

/** An app with nothing but what it must have, which has no defaults. */
const least = { repository: 'acme/shop', path: '/srv/shop' }

function withoutExamples(app: object = {}): Defaults {
  return Object.fromEntries(Object.entries(app).filter(([key]) => !Object.hasOwn(least, key)))
}

interface Defaults {
  readonly [key: string]: unknown
}

/** Puts defaults in: zod leaves out those of fields that transform, and core's are filled in later. `*` is any name. */
function withDefaults(node: SchemaNode, defaults: Defaults): SchemaNode {
  const { properties, additionalProperties } = node
  if (typeof additionalProperties === 'object' && isSection(defaults['*'])) {
    return { ...node, additionalProperties: withDefaults(additionalProperties, defaults['*']) }
  }
  if (properties === undefined) return node
  const filled = Object.entries(properties).map(([key, inner]): [string, SchemaNode] => {
    if (!Object.hasOwn(defaults, key)) return [key, inner]
    const value = defaults[key]
    return [
      key,
      isSection(value) && Object.keys(value).length > 0
        ? withDefaults(inner, value)
        : { ...inner, default: asWritten(value, inner) },
    ]
  })
  return { ...node, properties: Object.fromEntries(filled) }
}

function isSection(value: unknown): value is Defaults {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as one would write it into the file. */
export function asWritten(value: unknown, { title }: SchemaNode): unknown {
  if (title === sizeTitle && typeof value === 'number') return showBytes(value)
  return title?.startsWith(durationTitle) && typeof value === 'number' ? showDuration(value) : value
}
