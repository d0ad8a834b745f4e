import type { Container } from '../../domain/container.ts'
import { findLeftovers } from '../find-leftovers.ts'
import type { DesiredService } from './plan-input.ts'

/** Why a service whose containers need not be replaced is brought up nevertheless. */
export function startReasons(
  { name, replicas }: DesiredService,
  containers: readonly Container[],
): readonly string[] {
  const leftovers = findLeftovers(containers)
  const own = containers.filter(
    ({ id }) => !leftovers.some((left) => left.id === id && left.rightful === undefined),
  )
  const up = own.filter((container) => isUp(container) || isDone(container))
  const wanted = `${replicas} ${replicas === 1 ? 'container' : 'containers'}`
  const shown = own.length > replicas ? own.length : up.length
  return [
    ...leftovers.map((left) => `an interrupted deployment left the container ${left.name}`),
    ...(own.length === replicas && up.length === replicas
      ? []
      : [`${name} should have ${wanted}, ${shown === 0 ? 'none' : shown} ${shown > 1 ? 'run' : 'runs'}`]),
  ]
}

function isUp({ state }: Container): boolean {
  return state === 'running' || state === 'restarting'
}

/** A job that ended well, and that nobody restarts. */
export function isDone({ state, exitCode, restartPolicy, health, publishesPort }: Container): boolean {
  const isOver =
    state === 'exited' && exitCode === 0 && (restartPolicy === 'no' || restartPolicy === 'on-failure')
  return isOver && health === undefined && !publishesPort
}
