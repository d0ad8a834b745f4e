import { html } from 'hono/html'
import { example, type Html, sentence } from './docs-text.ts'
import type { OpenApiDocument } from './open-api-document.ts'
import type { OperationObject } from './operations.ts'

type Sent = Pick<OperationObject, 'parameters' | 'requestBody'>

/** What a route takes: its headers, and the body with an example for each content type. */
export function docsFields(document: OpenApiDocument, { parameters = [], requestBody }: Sent): Html {
  const given = parameters.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter]))
  return html`${
    given.length > 0 &&
    html`<h3>Headers</h3>
      <dl>${given.map(field)}</dl>`
  }
  ${requestBody && !('$ref' in requestBody) && body(document, requestBody)}`
}

interface Field {
  readonly name: string
  readonly required?: boolean
  readonly type?: string | undefined
  readonly description?: string | undefined
  readonly example?: unknown
}

function field({ name, required = false, type, description, example: shown }: Field): Html {
  return html`<dt>
      <code>${name}</code>
      <span class="kind">${required ? 'required' : 'optional'}${type === undefined ? '' : `, ${type}`}</span>
    </dt>
    <dd>
      ${sentence(description)}${typeof shown === 'string' && html`<br />Example: <code>${shown}</code>`}
    </dd>`
}

type Body = Exclude<NonNullable<OperationObject['requestBody']>, { readonly $ref: string }>

function body(document: OpenApiDocument, { description, content }: Body): Html {
  return html`<h3>Body</h3>
    <p>${sentence(description)}</p>
    ${Object.entries(content).map(
      ([type, { schema, examples = {} }], index) =>
        html`<p class="caption">As <code>${type}</code></p>
          ${index === 0 && html`<dl>${fieldsOf(document, schema as Schema).map(field)}</dl>`}
          ${Object.values(examples).map((shown) => 'value' in shown && example(asSent(type, shown.value)))}`,
    )}`
}

function asSent(type: string, value: unknown): unknown {
  return type === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(value as Record<string, string>).toString()
    : value
}

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}

/** The fields of an object with those of the objects in it, such as `repository.name`. */
function fieldsOf(document: OpenApiDocument, schema: Schema, prefix = ''): readonly Field[] {
  const { properties = {}, required = [] } = resolve(document, schema)
  return Object.entries(properties).flatMap(([name, inner]) => [
    { ...describe(resolve(document, inner)), name: `${prefix}${name}`, required: required.includes(name) },
    ...fieldsOf(document, inner, `${prefix}${name}.`),
  ])
}

function describe({ type, description }: Schema): Pick<Field, 'type' | 'description'> {
  return { type, description }
}

function resolve({ components }: OpenApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : ((components.schemas?.[name] ?? {}) as Schema)
}
