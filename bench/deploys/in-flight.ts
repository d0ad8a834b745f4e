import type { Executors } from '../../packages/server/src/index.ts'

/** Tells how much of a time passed while none of these executors was asked for anything. */
export interface InFlight {
  readonly executors: Executors
  /** Milliseconds of `work` that are nobody else's, and all of them. */
  measure(work: () => Promise<void>): Promise<OwnTime>
}

export interface OwnTime {
  readonly own: number
  readonly all: number
  /** Of CPU, of this process, within its own time: what other load on the machine changes least. */
  readonly cpu: number
}

/** Executors of which git, Compose, the engine and the waits are watched: what is left is Fairway's own, with its files, locks and journal. */
export function watchExecutors(executors: Executors): InFlight {
  let [asked, since, away] = [0, 0, 0]
  let [cpuSince, cpuAway] = [0, 0]
  const begin = (): void => {
    if (asked++ > 0) return
    since = performance.now()
    cpuSince = cpuTime()
  }
  const end = (): void => {
    if (--asked > 0) return
    away += performance.now() - since
    cpuAway += cpuTime() - cpuSince
  }
  const watch = <T extends object>(executor: T): T =>
    new Proxy(executor, {
      get(target, name, receiver): unknown {
        const found: unknown = Reflect.get(target, name, receiver)
        if (typeof found !== 'function') return found
        return (...args: readonly unknown[]): unknown => {
          begin()
          const answer: unknown = Reflect.apply(found, target, args)
          if (!(answer instanceof Promise)) {
            end()
            return answer
          }
          return answer.finally(end)
        }
      },
    })
  return {
    executors: {
      ...executors,
      git: watch(executors.git),
      compose: watch(executors.compose),
      engine: watch(executors.engine),
      clock: watch(executors.clock),
    },
    async measure(work) {
      away = 0
      cpuAway = 0
      const [began, cpuBegan] = [performance.now(), cpuTime()]
      await work()
      const all = performance.now() - began
      return { own: all - away, all, cpu: cpuTime() - cpuBegan - cpuAway }
    },
  }
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
