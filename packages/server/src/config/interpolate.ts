import type { Finding, KeyPath } from './key-path.ts'
import { isFields } from './raw.ts'
import type { Variables } from './variables.ts'

export interface Interpolated {
  /** A copy without prototypes, in which what had an unset variable is undefined. */
  readonly data: unknown
  readonly findings: readonly Finding[]
  readonly unset: readonly Unset[]
}

export interface Unset {
  readonly at: KeyPath
  /** Of the variable. */
  readonly name: string
}

export interface InterpolateOptions {
  readonly variables: Variables
  /** Places that something else decides: left out. */
  readonly skip?: (at: KeyPath, value: unknown) => boolean
  /** Places where an empty variable counts as an unset one. */
  readonly needsValue?: (at: KeyPath) => boolean
}

/** Replaces `${NAME}` in every text below a value; `$${` stands for a plain `${`. */
export function interpolate(
  input: unknown,
  { variables, skip = () => false, needsValue = () => false }: InterpolateOptions,
): Interpolated {
  const findings: Finding[] = []
  const unset: Unset[] = []

  const copy = (value: unknown, at: KeyPath): unknown => {
    if (typeof value === 'string') return replace(value, at)
    // What is deeper is a mistake anyway, or a loop.
    if (at.length > deepest) return value
    if (Array.isArray(value)) return Array.from(value, (item, index) => copy(item, [...at, index]))
    if (!isFields(value)) return value
    const object: Record<string, unknown> = Object.create(null)
    for (const [key, inner] of Object.entries(value)) {
      const copied = skip([...at, key], inner) ? undefined : copy(inner, [...at, key])
      if (copied !== undefined) object[key] = copied
    }
    return object
  }

  const replace = (text: string, at: KeyPath): string | undefined => {
    const before = unset.length + findings.length
    const replaced = text.replaceAll(/\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g, (match, name?: string) => {
      if (match === '$${') return '${'
      return name === undefined ? complain(at, malformed) : look(name, at)
    })
    return unset.length + findings.length === before ? replaced : undefined
  }

  const look = (name: string, at: KeyPath): string => {
    const variable = variables(name)
    if (variable && 'problem' in variable) return complain(at, variable.problem)
    if (variable === undefined || (variable.value === '' && needsValue(at))) {
      unset.push({ at, name })
      return ''
    }
    return variable.value
  }

  const complain = (at: KeyPath, message: string): string => {
    findings.push({ at, message })
    return ''
  }

  return { data: copy(input, []), findings, unset }
}

const deepest = 20

const malformed = 'has a ${ that is not ${NAME}: nothing else is replaced (for a plain ${ write $${)'
