/** Environment variables as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>

const shared = [
  'PATH',
  'HOME',
  'LANG',
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

/** What Docker and Compose may see: with the whole environment any Compose file could read `${GITHUB_WEBHOOK_SECRET}`. */
export function dockerEnvironment(environment: Environment): Record<string, string> {
  return pick(environment, (name) => shared.includes(name) || name.startsWith('DOCKER_'))
}

const forGit = [
  ...shared,
  'XDG_CONFIG_HOME',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSH_COMMAND',
  'USER',
  'LOGNAME',
]

/** What git, ssh and the user's credential helper may see. */
export function gitEnvironment(environment: Environment): Record<string, string> {
  return {
    ...pick(environment, (name) => forGit.includes(name)),
    // Messages are read by us and by people: English, and nothing may wait for an answer on a terminal.
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
  }
}

/** The same for commands that only read, which simple-git starts: it refuses every variable of git's own. */
export function gitReadEnvironment(environment: Environment): Record<string, string> {
  const readable = Object.entries(gitEnvironment(environment)).filter(([name]) => !name.startsWith('GIT_'))
  return Object.fromEntries(readable)
}

function pick(environment: Environment, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0]),
    ),
  )
}
