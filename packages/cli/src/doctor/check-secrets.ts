import { shellWord } from '@fairway/core'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Secret } from '@fairway/core'
import type { Config } from '@fairway/server'
import { type Finding, ok, warning } from './finding.ts'
import { judgeSecret } from './judge-secret.ts'

const makeNew = 'fairway secret new, then put it there and into the webhook at the git host'

/** Secrets that are easy to guess, do for two apps, or lie where others can read them. */
export async function checkSecrets({ secrets, file }: Config): Promise<readonly Finding[]> {
  const weak = secrets.flatMap(({ id, value }) => {
    const why = judgeSecret(value)
    return why === undefined ? [] : [warning('secrets', `${id} ${why}: it can be guessed`, makeNew)]
  })
  const found = [...weak, ...findShared(secrets), ...(await findReadable(secrets, file))]
  return found.length === 0 && secrets.length > 0
    ? [ok('secrets', `${secrets.length === 1 ? '1 secret' : `${secrets.length} secrets`}, hard to guess`)]
    : found
}

/** An app's own secret is there so that no other's signs for it. */
function findShared(secrets: readonly Secret[]): readonly Finding[] {
  const isOwn = ({ id }: Secret): boolean => id.startsWith('apps.')
  const appOf = ({ id }: Secret): string => id.replace(/\[\d+\]$/, '')
  return secrets.filter(isOwn).flatMap((own, index, all) => {
    const others = [...secrets.filter((one) => !isOwn(one)), ...all.slice(0, index)]
    const same = others.find((other) => other.value === own.value && appOf(other) !== appOf(own))
    return same === undefined
      ? []
      : [warning('secrets', `${own.id} is the same as ${same.id}: either deploys the other`, makeNew)]
  })
}

async function findReadable(
  secrets: readonly Secret[],
  file: string | undefined,
): Promise<readonly Finding[]> {
  if (file === undefined) return []
  const findings = await Promise.all(
    [file, join(dirname(file), '.env')].map(async (path): Promise<readonly Finding[]> => {
      const found = await stat(path).catch(() => undefined)
      if (found === undefined || (found.mode & 0o004) === 0) return []
      const text = await readFile(path, 'utf8')
      return secrets.some(({ value }) => value !== '' && text.includes(value))
        ? [
            warning(
              'secrets',
              `${path} has a secret in it, and every user of this machine can read it`,
              `chmod 600 ${shellWord(path)}`,
            ),
          ]
        : []
    }),
  )
  return findings.flat()
}
