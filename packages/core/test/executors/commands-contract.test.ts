import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { hostCommands } from '../../src/executors/host-commands.ts'
import { commandsContract } from '../../src/testing/commands-contract.ts'
import { fakeCommands } from '../../src/testing/fake-commands.ts'

describe('fakeCommands', () => {
  test.for(
    commandsContract(() => {
      const commands = fakeCommands()
      return {
        commands,
        directory: '/srv/shop',
        program(lines, exitCode) {
          commands.print('check', ...lines)
          commands.end('check', exitCode)
          return 'check'
        },
      }
    }),
  )('$name', ({ run }) => run())
})

describe('hostCommands', () => {
  test.for(
    commandsContract(async () => {
      const directory = await mkdtemp(join(tmpdir(), 'fairway-commands-'))
      return {
        commands: hostCommands(),
        directory,
        async program(lines, exitCode) {
          const file = join(directory, 'check')
          await writeFile(
            file,
            `#!/bin/sh\n${lines.map((line) => `echo ${line}\n`).join('')}exit ${exitCode}\n`,
          )
          await chmod(file, 0o755)
          return file
        },
        cleanup: () => rm(directory, { recursive: true }),
      }
    }),
  )('$name', ({ run }) => run())
})
