// Every test, on a machine that may lack Docker and other tools: `pnpm test [vitest arguments]`, `--sequences=N` for longer push sequences.
import { isDeployError, runCommand } from '@fairway/core'
import { ensureDocker } from './ensure-docker.ts'
import { ensureTools } from './ensure-tools.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort('interrupted'))

try {
  process.exitCode =
    (await ensureDocker(interrupted.signal)) ||
    (await ensureTools(interrupted.signal)) ||
    (await vitest(process.argv.slice(2)))
} catch (error) {
  if (!isDeployError(error, 'cancelled')) throw error
  process.exitCode = 130
}

async function vitest(args: readonly string[]): Promise<number> {
  const prefix = '--sequences='
  const sequences = args.find((arg) => arg.startsWith(prefix))?.slice(prefix.length)
  const environment = { ...process.env, ...(sequences === undefined ? {} : { FAIRWAY_SEQUENCES: sequences }) }
  const given = args.filter((arg) => !arg.startsWith(prefix))
  const { exitCode } = await runCommand(
    { command: 'vitest', args: ['run', ...given], environment, live: 'both' },
    { signal: interrupted.signal, output: (line) => void process.stdout.write(`${line}\n`) },
  )
  return exitCode
}
