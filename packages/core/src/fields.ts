/** Named values of an object that came from outside. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with named values: no array, not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
