import { z } from 'zod'

// The rules of OpenAPI 3.1 for what our document uses, written down from the specification, not from the code under test.

const description = z.string().min(1)
const schema = z.record(z.string(), z.unknown())
const example = z.strictObject({ summary: z.string().optional(), value: z.unknown() })
const componentKey = z.string().regex(/^[A-Za-z0-9._-]+$/)
const content = z.record(
  z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  z.strictObject({ schema, examples: z.record(componentKey, example).optional() }),
)
const header = z.strictObject({ description, required: z.boolean().optional(), schema })
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['query', 'header', 'path', 'cookie']),
  description: description.optional(),
  required: z.boolean().optional(),
  schema,
  example: z.unknown().optional(),
})
const response = z.strictObject({
  description,
  headers: z.record(z.string(), header).optional(),
  content: content.optional(),
})
const operation = z.strictObject({
  operationId: z.string().min(1),
  summary: z.string().min(1),
  description,
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z
    .strictObject({ description: description.optional(), required: z.boolean().optional(), content })
    .optional(),
  responses: z.record(z.string(), z.unknown()),
})
const document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description }),
  paths: z.record(
    z.string().startsWith('/'),
    z.record(z.enum(['get', 'post', 'put', 'patch', 'delete']), z.unknown()),
  ),
  components: z.strictObject({
    schemas: z.record(componentKey, schema),
    securitySchemes: z.record(
      componentKey,
      z.strictObject({
        type: z.literal('apiKey'),
        in: z.enum(['query', 'header', 'cookie']),
        name: z.string(),
        description,
      }),
    ),
  }),
})

type Operation = Omit<z.infer<typeof operation>, 'responses'> & {
  readonly responses: Readonly<Record<string, z.infer<typeof response>>>
}
export type Document = Omit<z.infer<typeof document>, 'paths'> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** What is wrong with a document, each with its place. */
export function checkDocument(given: Document): readonly string[] {
  const operations = Object.entries(given.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, value]) => ({ path, place: `paths.${path}.${method}`, value })),
  )
  const ids = operations.map(({ value }) => value.operationId)
  return [
    ...issues(document, given, ''),
    ...operations.flatMap(({ path, place, value }) => checkOperation(given, path, place, value)),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id}: operationId is not unique`),
    ...references(given)
      .filter((reference) => !leads(given, reference))
      .map((reference) => `${reference}: leads nowhere`),
    ...Object.entries(given.components.schemas).flatMap(([name, value]) =>
      checkSchema(`components.schemas.${name}`, value),
    ),
  ]
}

function checkOperation(
  { components }: Document,
  path: string,
  place: string,
  value: Operation,
): readonly string[] {
  const statuses = Object.entries(value.responses).flatMap(([status, answer]) =>
    /^([1-5]\d\d|default)$/.test(status)
      ? issues(response, answer, `${place}.responses.${status}`)
      : [`${place}.responses.${status}: not a status`],
  )
  const parameters = (value.parameters ?? []).flatMap(({ name, in: where, required }, index) => {
    const inPath = path.includes(`{${name}}`)
    if (where === 'path' && !inPath) return [`${place}.parameters.${index}: not in the path`]
    return where === 'path' && required !== true ? [`${place}.parameters.${index}: must be required`] : []
  })
  const unknown = (value.security ?? [])
    .flatMap((one) => Object.keys(one))
    .filter((name) => !(name in components.securitySchemes))
    .map((name) => `${place}.security: ${name} is not there`)
  return [...issues(operation, value, place), ...statuses, ...parameters, ...unknown]
}

function checkSchema(place: string, value: object): readonly string[] {
  const keywords = [
    'type',
    'properties',
    'required',
    'additionalProperties',
    'description',
    'items',
    'enum',
    'const',
    'pattern',
    'minLength',
    'maxLength',
    'minimum',
    '$ref',
  ]
  const own = Object.keys(value)
    .filter((key) => !keywords.includes(key))
    .map((key) => `${place}: ${key} is no keyword that is used here`)
  const { properties = {}, items } = value as { properties?: Record<string, object>; items?: object }
  const inner = Object.entries(properties).flatMap(([name, one]) => checkSchema(`${place}.${name}`, one))
  return [...own, ...inner, ...(items ? checkSchema(`${place}.items`, items) : [])]
}

function issues(type: z.ZodType, value: unknown, place: string): readonly string[] {
  return (type.safeParse(value).error?.issues ?? []).map(
    ({ path, message }) => `${[place, ...path].join('.')}: ${message}`,
  )
}

function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : references(inner),
  )
}

function leads(given: object, reference: string): boolean {
  const [start, ...keys] = reference.split('/')
  const end = keys.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    given,
  )
  return start === '#' && end !== undefined
}
