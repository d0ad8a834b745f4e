import { composeHoles, gitHoles, type Holes, isOlder } from '@fairway/core'
import type { Executors } from '@fairway/server'
import { blocks, type Finding, fromError, ok, warning } from './finding.ts'

/** Node, git, the engine and Compose: there, answering, and without known holes. */
export async function checkTools({ git, engine, compose }: Executors): Promise<readonly Finding[]> {
  const signal = AbortSignal.timeout(15_000)
  const asked = await Promise.all([
    look('git', () => git.version({ signal }), gitHoles),
    look(
      'docker',
      () => engine.version({ signal }),
      () => undefined,
    ),
    look('compose', () => compose.version({ signal }), composeHoles),
  ])
  return [judgeNode(process.versions.node), ...asked]
}

/** The oldest that runs the packages, as their `engines` say. */
const oldestNode = '22.18.0'

export function judgeNode(version: string): Finding {
  return isOlder(version, oldestNode)
    ? blocks(
        'node',
        `version ${version} is too old: Fairway needs ${oldestNode} or newer`,
        'Install a newer Node: https://nodejs.org/en/download',
      )
    : ok('node', `version ${version}`)
}

async function look(check: string, version: () => Promise<string>, holes: Holes): Promise<Finding> {
  try {
    const found = await version()
    const hole = holes(found)
    return hole ? warning(check, ...hole) : ok(check, `version ${found}`)
  } catch (error) {
    return fromError(check, error)
  }
}
