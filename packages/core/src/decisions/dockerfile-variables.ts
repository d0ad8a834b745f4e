/**
 * A word of a Dockerfile with its variables filled in: `$NAME`, `${NAME}`, `${NAME:-other}`, `${NAME:+other}`; undefined where one
 * has no value, as only the build knows it, or the word is more than that.
 */
export function substitute(word: string, variables: ReadonlyMap<string, string>): string | undefined {
  let known = true
  const filled = word
    .replace(/^(["'])(.*)\1$/, '$2')
    .replaceAll(pattern, (_, plain: string, name: string, sign = '', other = '') => {
      const value = variables.get(plain ?? name)
      const isSet = value !== undefined && (value !== '' || !sign.startsWith(':'))
      if (sign.endsWith('-')) return isSet ? value : other
      if (sign.endsWith('+')) return isSet ? other : ''
      if (value === undefined) known = false
      return value ?? ''
    })
  return known && !/[$\\]/.test(filled) ? filled : undefined
}

const pattern = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^${}]*))?\})/g
