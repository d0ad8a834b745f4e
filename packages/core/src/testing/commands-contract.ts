import assert from 'node:assert/strict'
import { isDeployError } from '../errors.ts'
import type { Commands } from '../executors/commands.ts'
import type { MaybePromise } from '../step.ts'
import { type ContractCase, contractCases, type Make } from './contract.ts'

/** What the suite needs beside `commands`: a folder, and a program that prints lines and ends with an exit code. */
export interface CommandsUnderTest {
  readonly commands: Commands
  readonly directory: string
  /** Makes such a program and gives what it is started by. */
  readonly program: (lines: readonly string[], exitCode: number) => MaybePromise<string>
}

/** What every `Commands` keeps. */
export function commandsContract(make: Make<CommandsUnderTest>): readonly ContractCase[] {
  const rest = { called: 'the check', args: ['--all'], environment: {}, timeout: 10_000 }
  return contractCases(make, {
    'runs one to its end and passes its lines on': async ({ commands, directory, program }) => {
      const lines: string[] = []
      const output = (line: string): void => void lines.push(line)
      await commands.run({ ...rest, directory, program: await program(['one', 'two'], 0) }, { output })
      assert.deepEqual(lines, ['one', 'two'])
    },

    'fails with what it is called, its exit code and its lines': async ({ commands, directory, program }) => {
      await assert.rejects(
        commands.run({ ...rest, directory, program: await program(['the reason'], 3) }),
        (error) =>
          isDeployError(error, 'hook_failed') &&
          error.message === 'the check ended with exit code 3' &&
          error.output.join() === 'the reason',
      )
    },

    'starts nothing once it is cancelled': async ({ commands, directory, program }) => {
      const lines: string[] = []
      const call = {
        signal: AbortSignal.abort(new Error('cancelled')),
        output: (line: string) => void lines.push(line),
      }
      const one = await program(['one'], 0)
      await assert.rejects(commands.run({ ...rest, directory, program: one }, call), /cancelled/)
      assert.deepEqual(lines, [])
    },
  })
}
