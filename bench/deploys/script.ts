import { runCommand } from '@fairway/core'
import type { Origin, Playground } from '../../packages/core/test/support/repository.ts'
import type { Contestant } from './contestant.ts'
import { untilServed } from './until-served.ts'

/** The blog post's way: `git pull && docker compose up -d --build` under bash. */
export function scriptContestant(
  ground: Playground,
  origin: Origin,
  { name, firstPort }: { readonly name: string; readonly firstPort: number },
): Contestant {
  const directory = ground.clone(origin, name)
  const { PATH = '' } = process.env
  const environment = { ...ground.environment, PATH, COMPOSE_PROJECT_NAME: name }
  const compose = 'docker compose -f docker-compose.prod.yml'
  const run = async (line: string): Promise<void> => {
    // oxlint-disable-next-line fairway/no-shell -- It is what is measured.
    const result = await runCommand({ command: 'bash', args: ['-c', line], directory, environment })
    if (result.exitCode !== 0) throw new Error(`${line} failed:\n${result.lastLines.join('\n')}`)
  }
  return {
    name: 'script',
    origin,
    firstPort,
    async deploy({ served }) {
      const [began, over] = [performance.now(), new AbortController()]
      const ended = run(`git pull --quiet && ${compose} up -d --build`)
      ended.catch((error: unknown) => over.abort(error))
      if (served) await untilServed(served, firstPort, over.signal)
      else await ended
      const passed = performance.now() - began
      await ended
      return passed
    },
    end: () => run(`${compose} down --volumes --rmi local --timeout 2`),
  }
}
