// Every test, on a machine that may lack Docker: `pnpm test [vitest arguments]`, `--sequences=N` for longer push sequences.
import { runCommand } from '@fairway/core'
import { ensureDocker } from './ensure-docker.ts'

const prepared = await ensureDocker()
if (prepared === 0) {
  const args = process.argv.slice(2)
  const sequences = args.find((arg) => arg.startsWith('--sequences='))?.slice('--sequences='.length)
  const variables = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort('interrupted'))
  const { exitCode } = await runCommand(
    {
      command: 'vitest',
      args: ['run', ...args.filter((arg) => !arg.startsWith('--sequences='))],
      environment: {
        ...Object.fromEntries(variables),
        ...(sequences === undefined ? {} : { FAIRWAY_SEQUENCES: sequences }),
      },
      live: 'both',
    },
    { signal: interrupted.signal, output: (line) => void process.stdout.write(`${line}\n`) },
  )
  process.exitCode = exitCode
} else {
  process.exitCode = prepared
}
