import { isDeployError } from '@fairway/core'
import type { Executors } from './executors.ts'
import type { Journal } from './journal/journal.ts'

/** Whether a delivery that comes now could be stored and deployed; `ok`, or what is wrong, for each part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: { readonly journal: string; readonly git: string; readonly docker: string }
}

/** Asks each part; a server that stops stores nothing any more. */
export async function checkReadiness(
  { git, engine }: Pick<Executors, 'git' | 'engine'>,
  journal: Pick<Journal, 'check'>,
  { stopping = false }: { readonly stopping?: boolean } = {},
): Promise<Readiness> {
  const signal = AbortSignal.timeout(5_000)
  const [stored, gitAnswers, dockerAnswers] = await Promise.all([
    stopping ? 'the server is stopping' : ask(journal.check()),
    ask(git.version({ signal })),
    ask(engine.version({ signal })),
  ])
  const checks = { journal: stored, git: gitAnswers, docker: dockerAnswers }
  return { ready: Object.values(checks).every((check) => check === 'ok'), checks }
}

/** Gives an answer that is at most a second old to all who ask: anyone may, and each new one starts a child process. */
export function shareReadiness(
  check: () => Promise<Readiness>,
  now: () => number = () => performance.now(),
): () => Promise<Readiness> {
  let answer: Promise<Readiness> | undefined
  let expires = 0
  return () => {
    if (answer && now() < expires) return answer
    expires = Infinity
    answer = check().finally(() => (expires = now() + 1_000))
    return answer
  }
}

/** Everyone may read this: of other errors than ours nobody knows what stands in them. */
async function ask(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'ok'
  } catch (error) {
    return isDeployError(error) ? error.message : 'does not answer'
  }
}
