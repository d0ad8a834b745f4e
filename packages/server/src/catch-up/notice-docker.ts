import { type Compose, type Engine, isDeployError } from '@fairway/core'

/** The same executors, which tell of each answer that Docker is away. */
export function noticeDocker<Docker extends { readonly compose: Compose; readonly engine: Engine }>(
  docker: Docker,
  notice: () => void,
): Docker {
  return { ...docker, compose: noticing(docker.compose, notice), engine: noticing(docker.engine, notice) }
}

function noticing<Executor extends object>(executor: Executor, notice: () => void): Executor {
  const methods = Object.entries(executor).map(([name, method]: [string, unknown]) => {
    if (typeof method !== 'function') return [name, method]
    return [
      name,
      async (...given: readonly unknown[]): Promise<unknown> => {
        try {
          return await (method as (...given: readonly unknown[]) => unknown)(...given)
        } catch (error) {
          if (isDeployError(error, 'docker_unavailable')) notice()
          throw error
        }
      },
    ]
  })
  return Object.fromEntries(methods) as Executor
}
