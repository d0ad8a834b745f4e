import { createHmac, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { DeployError } from '@fairway/core/basics'
import { loadConfig } from '@fairway/server/config'
import { exitCodes, UsageError } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

export interface SendOptions {
  readonly config?: string
  readonly url: string
  readonly repo: string
  readonly ref: string
  readonly before?: string
  readonly after?: string
  readonly secretFile?: string
  readonly secret?: string
}

/** Sends a push signed as GitHub does and prints the answer; 1 when the server refuses it, 3 when it can't be reached. */
export async function send(options: SendOptions, terminal: Terminal): Promise<number> {
  if (!URL.canParse(options.url)) throw new UsageError(`--url ${options.url} is not a URL`)
  const secret = await findSecret(options, terminal)
  const body = JSON.stringify(payload(options))
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  }
  const response = await post(options.url, headers, body)
  terminal.stderr.write(`${response.status} ${response.statusText}\n`)
  terminal.stdout.write(`${await response.text()}\n`)
  return response.ok ? exitCodes.done : exitCodes.failed
}

function payload({ repo, ref, before, after }: SendOptions): object {
  return {
    ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    repository: {
      name: repo.slice(repo.lastIndexOf('/') + 1),
      ...(repo.includes('/') ? { full_name: repo } : {}),
    },
    pusher: { name: 'fairway-send' },
  }
}

async function findSecret(
  { repo, secret, secretFile, config }: SendOptions,
  terminal: Terminal,
): Promise<string> {
  const { environment, directory, stderr } = terminal
  if (secret !== undefined) {
    stderr.write('warning: --secret shows the secret to everyone who can run ps; use --secret-file\n')
    return secret
  }
  if (secretFile !== undefined) return readSecret(secretFile)
  if (environment['GITHUB_WEBHOOK_SECRET']) return environment['GITHUB_WEBHOOK_SECRET']
  const { secrets, apps } = await loadConfig({
    environment,
    directory,
    ...(config === undefined ? {} : { file: config }),
  })
  // An app with secrets of its own takes no other.
  const app = apps.find(({ repository }) => repository.toLowerCase() === repo.toLowerCase())
  const [id] = app?.webhookSecretIds ?? []
  const found = id === undefined ? secrets[0] : secrets.find((known) => known.id === id)
  if (found) return found.value
  throw new UsageError(
    'No secret: give --secret-file, set GITHUB_WEBHOOK_SECRET, or set webhook.secrets in the configuration',
  )
}

async function readSecret(file: string): Promise<string> {
  try {
    const secret = (await readFile(file, 'utf8')).trim()
    if (secret !== '') return secret
  } catch (error) {
    throw new UsageError(`Cannot read --secret-file ${file}: ${(error as Error).message}`)
  }
  throw new UsageError(`--secret-file ${file} is empty`)
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    })
  } catch (cause) {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new DeployError('address_unavailable', `Cannot reach ${url}: ${why}`, {
      hint: 'Check that the server runs',
      cause,
    })
  }
}
