import type { Compose, Files, Project } from '@fairway/core'
import { parseEnv } from '@fairway/core/basics'

/**
 * A Compose that tells `mask` which values must not show, before it says anything of a project itself: those of its env files
 * and of `compose.environment` whose names look secret. A build that prints one would put it into the log.
 */
export function learnSecrets(
  { compose, files }: { readonly compose: Compose; readonly files: Files },
  mask: (secrets: readonly string[]) => void,
): Compose {
  return {
    ...compose,
    async services(project, call) {
      mask(await secretValues(project, files))
      return compose.services(project, call)
    },
  }
}

async function secretValues({ envFiles, environment }: Project, files: Files): Promise<readonly string[]> {
  const texts = await Promise.all(envFiles.map((path) => files.read(path)))
  const variables = [environment, ...texts.map((text) => parseEnv(text ?? ''))].flatMap(Object.entries)
  // Programs print a key of several lines one line at a time.
  const lines = variables.filter(([name]) => looksSecret(name)).flatMap(([, value]) => value.split('\n'))
  return lines.filter((line) => line.length >= shortest)
}

/** A shorter one hides nothing and would mask ordinary words. */
const shortest = 8

function looksSecret(name: string): boolean {
  return /secret|token|passw|pwd|passphrase|credential|private|(key|pass|auth|dsn)$/i.test(name)
}
