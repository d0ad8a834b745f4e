import type { Container } from '../domain/container.ts'
import type { DeployedState } from '../domain/state.ts'

export interface TakeUpInput {
  readonly recorded: DeployedState | undefined
  readonly running: readonly Container[]
  /** Id of the deployment that is planned. */
  readonly deployment: string | undefined
}

/**
 * What is recorded, with those services as an interrupted attempt of this very deployment has brought them up: their containers need no
 * replacing once more, and are only to be found healthy. Undefined where there are none.
 */
export function takeUp({ recorded, running, deployment }: TakeUpInput): DeployedState | undefined {
  if (!recorded?.settling || deployment === undefined) return undefined
  const { settling } = recorded
  if (settling.deployment !== deployment) return undefined
  const own = Object.entries(settling.services).filter(([name, { containers = [] }]) => {
    const ids = running.filter(({ service }) => service === name).map(({ id }) => id)
    return ids.length > 0 && ids.length === containers.length && ids.every((id) => containers.includes(id))
  })
  if (own.length === 0) return undefined
  return { ...recorded, services: { ...recorded.services, ...Object.fromEntries(own) } }
}
