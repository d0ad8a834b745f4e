import type { Executors } from './executors.ts'
import type { Journal } from './journal/journal.ts'

/** Whether a delivery that comes now could be stored and deployed; `ok`, or what is wrong, for each part. */
export interface Readiness {
  readonly ready: boolean
  readonly checks: { readonly journal: string; readonly git: string; readonly docker: string }
}

/** Asks each part; nothing is cached, so that an engine that comes back is seen at once. */
export async function checkReadiness({ git, engine }: Executors, journal: Journal): Promise<Readiness> {
  const signal = AbortSignal.timeout(5_000)
  const [stored, gitAnswers, dockerAnswers] = await Promise.all([
    ask(journal.check()),
    ask(git.version({ signal })),
    ask(engine.version({ signal })),
  ])
  const checks = { journal: stored, git: gitAnswers, docker: dockerAnswers }
  return { ready: Object.values(checks).every((check) => check === 'ok'), checks }
}

async function ask(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'ok'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
