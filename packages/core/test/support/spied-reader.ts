import type { Environment } from '../../src/executors/environment.ts'
import { gitRunner, type RunGit } from '../../src/executors/git/command.ts'
import { gitReader, type ReadGit } from '../../src/executors/git/reads.ts'

/** The real git, with the commands that it was started for. */
export interface Spied {
  readonly read: ReadGit
  readonly run: RunGit
  readonly asked: string[]
}

export function spiedGit(environment: Environment): Spied {
  const asked: string[] = []
  const [reads, runs] = [gitReader(environment), gitRunner(environment)]
  const read: ReadGit = (path, args, call) => {
    asked.push(args[0] ?? '')
    return reads(path, args, call)
  }
  return {
    read: Object.assign(read, { environment: reads.environment }),
    run(command, call) {
      asked.push(command.args[0] ?? '')
      return runs(command, call)
    },
    asked,
  }
}
