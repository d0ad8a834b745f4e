import type { Executors } from '@fairway/server'
import { blocks, type Finding, fromError, ok, warning } from './finding.ts'
import { isOlder } from './version.ts'

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

type Holes = (version: string) => readonly [message: string, fix: string] | undefined

async function look(check: string, version: () => Promise<string>, holes: Holes): Promise<Finding> {
  try {
    const found = await version()
    const hole = holes(found)
    return hole ? warning(check, ...hole) : ok(check, `version ${found}`)
  } catch (error) {
    return fromError(check, error)
  }
}

/** CVE-2025-48384 (submodules that run hooks); distributions carry the fix in older versions. */
const gitHoles: Holes = (version) =>
  isOlder(version, '2.43.7')
    ? [
        `version ${version} may have CVE-2025-48384 (fixed in 2.43.7, in Debian 12 in 2.39.5-0+deb12u3)`,
        'sudo apt-get update && sudo apt-get install --only-upgrade git',
      ]
    : undefined

/** CVE-2025-62725 (a remote include writes outside its cache). */
const composeHoles: Holes = (version) =>
  isOlder(version, '2.40.2')
    ? [
        `version ${version} has CVE-2025-62725 (remote includes), fixed in 2.40.2`,
        'Upgrade the Compose plugin, or deploy only repositories whose Compose files you trust',
      ]
    : undefined
