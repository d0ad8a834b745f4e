import type { Environment } from '@fairway/core'
import { type ExplainedConfig, type ExplainedValue, isSecretName, type NamedVariable } from '@fairway/server'
import type { Credential } from './service.ts'

/** What git, docker and the locks take from the environment, too. */
const alsoPassed = [
  'FAIRWAY_LOCKS',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'GIT_SSH_COMMAND',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  ...['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]),
]

/** Variables that the service will not find in systemd's environment; secrets are no part of it. */
export function passedOn(explained: ExplainedConfig, environment: Environment): Record<string, string> {
  const named = explained.values
    .filter((value) => !isMasked(value))
    .flatMap(variablesOf)
    .flatMap((variable) =>
      variable.from === 'environment' && variable.file === undefined ? [variable.name] : [],
    )
  const names = [...new Set([...named, ...alsoPassed])]
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = environment[name] ?? ''
      // A login, such as a proxy may have, is for everybody to read in a unit.
      return value === '' || isSecretName(name) || /:\/\/[^/]*@/.test(value) ? [] : [[name, value]]
    }),
  )
}

/** Secrets that stand in the environment now, or nowhere yet: the service gets them from files. */
export function credentialsOf(explained: ExplainedConfig): readonly Credential[] {
  const files = new Map<string, string>()
  for (const value of explained.values) {
    for (const variable of variablesOf(value)) {
      if (variable.from === '.env') continue
      if (variable.from === 'environment' && variable.file !== undefined) {
        files.set(variable.name.replace(/_FILE$/, ''), variable.file)
      } else if (variable.from === 'environment' ? isMasked(value) : isMissingSecret(value, explained)) {
        files.set(variable.name, credentialFile(variable.name))
      }
    }
  }
  return [...files].map(([name, file]) => ({ name, file }))
}

/** Secrets that the service reads from `.env` itself. */
export function secretsBeside({ values }: ExplainedConfig): readonly string[] {
  const names = values
    .filter(isMasked)
    .flatMap(variablesOf)
    .filter(({ from }) => from === '.env')
    .map(({ name }) => name)
  return [...new Set(names)]
}

function variablesOf({ origin }: ExplainedValue): readonly NamedVariable[] {
  return origin.variables ?? []
}

function isMasked({ value }: ExplainedValue): boolean {
  return value === '***'
}

/** The entry of `webhook.secrets` that has no value, where no other has one either. */
function isMissingSecret({ path, value }: ExplainedValue, { values }: ExplainedConfig): boolean {
  const isGlobal = (one: { readonly path: string }): boolean => one.path.startsWith('webhook.secrets[')
  return value === undefined && isGlobal({ path }) && !values.some((one) => isGlobal(one) && isMasked(one))
}

function credentialFile(name: string): string {
  const file = name === 'GITHUB_WEBHOOK_SECRET' ? 'webhook-secret' : name.toLowerCase().replaceAll('_', '-')
  return `/etc/fairway/${file}`
}
