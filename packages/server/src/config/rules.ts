import { isIP } from 'node:net'
import { posix } from 'node:path'
import { globProblem, isRefName, parseProbe } from '@fairway/core/basics'

/** Says what is wrong with a text, without repeating it: it may come from a variable that holds a secret. */
export type Rule = (text: string) => string | undefined

/** `owner/name`, a bare name, or a path of groups. */
export const repositoryRule: Rule = (text) => {
  if (/^[a-z+]+:\/\/|^[^/]+@[^/]+:/i.test(text)) return 'must be owner/name, not a URL (that is `url`)'
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(text) || text.split('/').some((part) => part === '.' || part === '..')) {
    return 'must be owner/name, of letters, digits, - _ and .'
  }
  return text.endsWith('.git') ? 'must be written without .git' : undefined
}

export const branchRule: Rule = (text) => {
  if (text.startsWith('refs/heads/')) return 'must be the branch alone, such as main, without refs/heads/'
  if (text.startsWith('refs/')) return 'must be a branch, such as main; other refs are not followed'
  return isRefName(text) && text !== 'HEAD' ? undefined : 'is not a name that git allows for a branch'
}

/** A path of this machine. */
export const pathRule: Rule = (text) =>
  text === '~' || text.startsWith('~/')
    ? 'must not begin with ~, which only a shell knows: write ${HOME}'
    : undefined

/** A file in a checkout. */
export const checkoutFileRule: Rule = (text) => {
  if (text.startsWith('/')) return 'must be relative to the checkout'
  const [first = '', ...rest] = posix.normalize(text).split('/')
  if (first === '..') return 'must stay inside the checkout'
  if (first.toLowerCase() === '.git') return 'must not be in .git'
  return first === '.' || rest.at(-1) === '' ? 'must name a file' : undefined
}

/** An env file may also lie outside, named absolutely. */
export const envFileRule: Rule = (text) => (text.startsWith('/') ? undefined : checkoutFileRule(text))

/** Globs are compared with whole paths in the checkout. */
export const globRule: Rule = globProblem

/** What a deploy asks before it counts as a success. */
export const probeRule: Rule = (text) => {
  if (parseProbe(text) !== undefined) return undefined
  if (text.startsWith('https:'))
    return 'must be http:// or tcp://: it is asked inside the network of the project'
  return 'must be http://SERVICE:PORT/path or tcp://SERVICE:PORT'
}

/** A service in a Compose file. */
export const serviceRule: Rule = (text) =>
  /^[\w.-]+$/.test(text) ? undefined : 'is not a name that Compose allows for a service'

/** Triggers are compared with the last part of a changed path. */
export const triggerRule: Rule = (text) => {
  if (text.includes('/')) return 'must be a file name without folders: it counts in every folder'
  return text.includes('*') ? 'must be a file name, not a pattern' : undefined
}

/** A part of a Compose project name, which is lower-cased later. */
export const projectPartRule: Rule = (text) =>
  /^[a-z0-9_-]*$/.test(text.toLowerCase())
    ? undefined
    : 'must be letters, digits, - and _: Compose refuses anything else'

/** An address, or a network as address/prefix. */
export const addressRule: Rule = (text) => {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIP(address) === 6 ? 128 : 32
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  return isIP(address) !== 0 && isPrefix && rest.length === 0
    ? undefined
    : 'must be an IP address, or a network such as 10.0.0.0/8'
}

export const profileRule: Rule = (text) =>
  text === '*' || /^[a-z0-9][\w.-]*$/i.test(text)
    ? undefined
    : 'is not a name that Compose allows for a profile'

export const hostRule: Rule = (text) => {
  if (text.startsWith('[')) return 'must be written without brackets'
  const valid = isIP(text) !== 0 || /^[a-z0-9_]([\w.-]*[a-z0-9])?$/i.test(text)
  return valid ? undefined : 'must be an address or a host name, without a port'
}
