/** A value as one would write it on one line of a YAML file; enough for defaults and examples. */
export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => quoted(item)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `${key}: ${quoted(item)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return String(value)
}

/** Inside brackets a `${NAME}` needs quotes. */
function quoted(value: unknown): string {
  const text = String(value)
  return /^[\w./-]+$/.test(text) ? text : `'${text}'`
}
