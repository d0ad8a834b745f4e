import { appDefaults } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { HealthInput, Seen, ServiceHealth, Standing } from './judge-health.ts'

export type Judged = Pick<ServiceHealth, 'state' | 'sentence'>

/** A container restarted this often during one deployment is in a crash loop. */
const crashLoop = 3

/** Whether one container is up, failed for certain, or has to be waited for. */
export function judgeContainer(
  container: Container,
  input: HealthInput,
  { seen, isJob }: { readonly seen: Seen; readonly isJob: boolean },
): Judged {
  const { id, service, state, exitCode, restartCount } = container
  const standing = seen.get(id)
  const restarts = restartCount - (standing?.firstRestarts ?? restartCount)
  // A job that ends well after some tries is done.
  if (restarts >= crashLoop && !isOver(container)) {
    const last = standing?.exitCode === undefined ? '' : `, last exit code ${standing.exitCode}`
    return { state: 'failed', sentence: `${service} was restarted ${restarts} times${last}` }
  }
  switch (state) {
    case 'running':
      return isJob
        ? wait(`${service} is not done yet`, input)
        : judgeRunning(container, input, stood(standing, input))
    case 'exited':
      return judgeExited(container, input, { stoodFor: stood(standing, input), isJob })
    case 'dead':
      return { state: 'failed', sentence: `${service} is dead, exit code ${exitCode}` }
    case 'restarting':
      return wait(
        `${service} is restarting`,
        input,
        `${service} is restarting after ${input.healthTimeout / 1000} s, last exit code ${exitCode}`,
      )
    default:
      return wait(`${service} is ${state}`, input)
  }
}

function stood(standing: Standing | undefined, { elapsed }: HealthInput): number {
  return elapsed - (standing?.since ?? elapsed)
}

function judgeRunning(container: Container, input: HealthInput, stoodFor: number): Judged {
  const { service, health, restartCount, startedAt } = container
  const { now, settle, healthTimeout } = input
  if (health === 'unhealthy') return { state: 'failed', sentence: `${service} is unhealthy` }
  if (health === 'starting') {
    const limit = startingLimit(container, input)
    return wait(`${service} is still starting (health: starting)`, { ...input, healthTimeout: limit })
  }
  // One that never was restarted has stood still since it was started, seen or not.
  const settled = stoodFor >= settle || (restartCount === 0 && now - Date.parse(startedAt) >= settle)
  if (settled) {
    return { state: 'up', sentence: health === 'healthy' ? `${service} is healthy` : `${service} is up` }
  }
  return wait(
    `${service} has not stood still for ${settle / 1000} s`,
    input,
    `${service} did not stand still for ${settle / 1000} s within ${healthTimeout / 1000} s`,
  )
}

/** Who gives a service minutes to start must not have it cut off: its start period, and one check after it, are waited for. */
function startingLimit({ healthcheck }: Container, { healthTimeout }: HealthInput): number {
  if (!healthcheck) return healthTimeout
  const { startPeriod, interval, timeout } = healthcheck
  // A time that the operator chose is a deadline; the default knows nothing of this service.
  if (healthTimeout !== appDefaults.rollout.healthTimeout) return healthTimeout
  return Math.max(healthTimeout, startPeriod + interval + timeout)
}

function judgeExited(
  container: Container,
  input: HealthInput,
  { stoodFor, isJob }: { readonly stoodFor: number; readonly isJob: boolean },
): Judged {
  const { service, exitCode, restartPolicy, health, publishesPort } = container
  const sentence = `${service} exited with code ${exitCode}`
  if (isOver(container)) {
    if (isJob) return { state: 'up', sentence: `${service} is done` }
    if (publishesPort) return { state: 'failed', sentence: `${sentence}, though it publishes a port` }
    if (health !== undefined) return { state: 'failed', sentence: `${sentence}, though it has a healthcheck` }
    return { state: 'up', sentence: `${service} is done` }
  }
  if (restartPolicy === 'no') return { state: 'failed', sentence }
  // Some engines show `exited` between two lives; one that stays so was given up, or stopped by hand.
  const givenUp = `${sentence} and was not restarted`
  return stoodFor >= input.settle ? { state: 'failed', sentence: givenUp } : wait(sentence, input, givenUp)
}

/** Ended well, and nobody restarts it. */
function isOver({ state, exitCode, restartPolicy }: Container): boolean {
  return state === 'exited' && exitCode === 0 && (restartPolicy === 'no' || restartPolicy === 'on-failure')
}

/** One has to wait, which is a failure when time is up. */
export function wait(
  sentence: string,
  { elapsed, healthTimeout }: Pick<HealthInput, 'elapsed' | 'healthTimeout'>,
  whenLate = `${sentence} after ${healthTimeout / 1000} s`,
): Judged {
  return elapsed < healthTimeout ? { state: 'waiting', sentence } : { state: 'failed', sentence: whenLate }
}
