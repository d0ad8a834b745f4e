import { DeployError } from '../errors.ts'
import type { Commands, HookCommand } from '../executors/commands.ts'

/** Programs in memory. */
export interface FakeCommands extends Commands {
  /** What was run, such as `./check --all`. */
  readonly calls: readonly string[]
  /** The same with everything. */
  readonly commands: readonly HookCommand[]
  /** Makes a program end with this exit code from now on. */
  readonly end: (program: string, exitCode: number) => void
  /** Sets the lines that a program prints. */
  readonly print: (program: string, ...lines: readonly string[]) => void
}

/** Programs that do nothing and end well. */
export function fakeCommands(): FakeCommands {
  const commands: HookCommand[] = []
  const exitCodes = new Map<string, number>()
  const printed = new Map<string, readonly string[]>()
  return {
    get calls() {
      return commands.map(({ program, args }) => [program, ...args].join(' '))
    },
    commands,
    end: (program, exitCode) => void exitCodes.set(program, exitCode),
    print: (program, ...lines) => void printed.set(program, lines),
    async run(command, call) {
      call?.signal?.throwIfAborted()
      commands.push(command)
      const { called, program } = command
      const lines = printed.get(program) ?? []
      for (const line of lines) call?.output?.(line)
      const exitCode = exitCodes.get(program) ?? 0
      if (exitCode === 0) return
      throw new DeployError('hook_failed', `${called} ended with exit code ${exitCode}`, { output: lines })
    },
  }
}
