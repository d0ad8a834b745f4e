import type { MaybePromise } from '../step.ts'

/** One promise that every maker of an executor keeps; `run` rejects where it isn't kept. Any test runner can run it. */
export interface ContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

/** What a contract is tried on, made anew for each case and cleaned up after it. */
export type Make<T> = () => MaybePromise<T & { cleanup?(): MaybePromise<void> }>

/** Cases by their names, each with something freshly made. */
export function contractCases<T>(
  make: Make<T>,
  cases: Readonly<Record<string, (made: T) => MaybePromise<void>>>,
): readonly ContractCase[] {
  return Object.entries(cases).map(([name, tryOut]) => ({
    name,
    run: async () => {
      const made = await make()
      try {
        await tryOut(made)
      } finally {
        await made.cleanup?.()
      }
    },
  }))
}
