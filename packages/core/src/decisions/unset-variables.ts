/** The variables that Compose took an empty text for, each once; and what else it said, line by line. */
export function readUnset(stderr: string): {
  readonly unset: readonly string[]
  readonly rest: readonly string[]
} {
  const unset = new Set<string>()
  const rest: string[] = []
  for (const line of stderr.split('\n')) {
    const name = unsetVariable(line)
    if (name !== undefined) unset.add(name)
    else if (line.trim() !== '') rest.push(line)
  }
  return { unset: [...unset].toSorted(), rest }
}

/** The variable that a line of Compose's says has no value. */
export function unsetVariable(line: string): string | undefined {
  return /The \\?"(.+?)\\?" variable is not set/.exec(line)?.[1]
}

/** Where variables without a value stand. */
export interface UnsetVariables {
  /** Names that a Compose file asks for. */
  readonly names: readonly string[]
  /** Whether the value of an env file holds a `$`: what follows it may be half a password, and is named nowhere. */
  readonly inEnvFile: boolean
}

/** Tells variables of the Compose files from those that only a `$` in the value of an env file makes. */
export function placeUnset(unset: readonly string[], composeFiles: readonly string[]): UnsetVariables {
  const names = unset.filter((name) => composeFiles.some((text) => asksFor(text, name)))
  return { names, inEnvFile: names.length < unset.length }
}

function asksFor(text: string, name: string): boolean {
  const found = [`$${name}`, `\${${name}`].some((asked) => {
    for (let at = text.indexOf(asked); at !== -1; at = text.indexOf(asked, at + 1)) {
      if (!/\w/.test(text[at + asked.length] ?? '')) return true
    }
    return false
  })
  return found
}
