import { CommanderError } from 'commander'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { program } from './program.ts'
import type { Terminal } from './terminal.ts'

/** Runs the command line and gives its exit code; never rejects. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.done
  const commands = program(terminal, (code) => {
    exitCode = code
  })
  try {
    await commands.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    const { describeError, isDeployError } = await import('@fairway/core/basics')
    const expected = isDeployError(error) || exitCodeOf(error) === exitCodes.usage
    const text = isDeployError(error) || !expected ? describeError(error) : (error as Error).message
    terminal.stderr.write(`fairway: ${text}\n`)
    return exitCodeOf(error)
  }
}
