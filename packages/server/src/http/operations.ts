import type { OpenApiDocument } from './open-api-document.ts'

type PathItem = NonNullable<OpenApiDocument['paths'][string]>
export type OperationObject = NonNullable<PathItem['get']>

/** One method of one path. */
export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
}

/** Every operation of a document, in the order of its paths. */
export function operationsOf({ paths }: OpenApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((name) => {
      const operation = item[name]
      if (!operation) return []
      return [{ id: operation.operationId ?? `${name}${path}`, method: name.toUpperCase(), path, operation }]
    }),
  )
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const
