import type { Container } from '../domain/container.ts'

/** One look at what succeeded some time ago. */
export interface WatchInput {
  /** Its containers as they were found healthy; those that ran then are watched. */
  readonly before: readonly Container[]
  readonly now: readonly Container[]
  /** How often in a row the probe went unanswered, and what was said the last time. */
  readonly unanswered: { readonly times: number; readonly sentence: string }
}

export type WatchJudgement =
  | { readonly verdict: 'fine' }
  /** Its own doing. */
  | { readonly verdict: 'bad'; readonly sentence: string; readonly failed: readonly Container[] }
  /** Somebody stopped or replaced it by hand: nothing more can be said of what succeeded. */
  | { readonly verdict: 'over'; readonly sentence: string }

/** A probe that goes unanswered so often in a row is answered no more. */
const strikes = 3

/** Whether what was healthy still is: nothing restarted, ended or became unhealthy, and the probe is answered. */
export function judgeWatch({ before, now, unanswered }: WatchInput): WatchJudgement {
  const looks = before
    .filter(({ state }) => state === 'running')
    .map((container) =>
      judge(
        container,
        now.find(({ id }) => id === container.id),
      ),
    )
  const worst =
    looks.find(({ verdict }) => verdict === 'over') ?? looks.find(({ verdict }) => verdict === 'bad')
  if (worst) return worst
  if (unanswered.times < strikes) return { verdict: 'fine' }
  return {
    verdict: 'bad',
    sentence: `${unanswered.sentence}, ${unanswered.times} times in a row`,
    failed: [],
  }
}

function judge(before: Container, now: Container | undefined): WatchJudgement {
  const { service } = before
  if (!now) return { verdict: 'over', sentence: `a container of ${service} was removed` }
  const bad = (sentence: string): WatchJudgement => ({ verdict: 'bad', sentence, failed: [now] })
  const restarts = now.restartCount - before.restartCount
  if (restarts > 0) return bad(`${service} was restarted${restarts > 1 ? ` ${restarts} times` : ''}`)
  if (now.health === 'unhealthy') return bad(`${service} is unhealthy`)
  switch (now.state) {
    case 'restarting':
      return bad(`${service} is restarting, last exit code ${now.exitCode}`)
    case 'dead':
      return bad(`${service} is dead, exit code ${now.exitCode}`)
    case 'exited':
      return judgeExited(now)
    case 'paused':
      return { verdict: 'over', sentence: `${service} was paused` }
    default:
      return { verdict: 'fine' }
  }
}

/** With which a program ends that is asked to end, by a signal from elsewhere: its own faults look otherwise. */
const asked: ReadonlySet<number> = new Set([129, 130, 143])

function judgeExited(container: Container): WatchJudgement {
  const { service, exitCode, restartPolicy, publishesPort, health } = container
  const sentence = `${service} exited with code ${exitCode}`
  // The engine would start it again, and shows it so until then; or somebody stopped it.
  if (restartPolicy === 'always' || restartPolicy === 'unless-stopped') return { verdict: 'fine' }
  if (asked.has(exitCode)) return { verdict: 'over', sentence: `${service} was stopped` }
  if (exitCode !== 0) return { verdict: 'bad', sentence, failed: [container] }
  if (publishesPort) {
    return { verdict: 'bad', sentence: `${sentence}, though it publishes a port`, failed: [container] }
  }
  if (health !== undefined) {
    return { verdict: 'bad', sentence: `${sentence}, though it has a healthcheck`, failed: [container] }
  }
  return { verdict: 'fine' }
}
