import { access, constants, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isFields } from '../fields.ts'
import type { Environment } from './environment.ts'

/** Where docker looks for its plugins beside the user's own folder, in its order (cli-plugins/manager). */
export const pluginFolders = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map(
  (folder) => `${folder}/docker/cli-plugins`,
)

/**
 * What Compose is started with. `docker compose` starts three programs for one answer, the last of them its plugin, which is also a
 * program of its own: it is taken where docker would find it; where it is in none of these folders, docker is asked.
 */
export async function composeProgram(
  environment: Environment,
  folders: readonly string[] = pluginFolders,
): Promise<readonly [string, ...string[]]> {
  const own = environment['DOCKER_CONFIG'] || join(environment['HOME'] || homedir(), '.docker')
  for (const folder of [...(await furtherFolders(own)), join(own, 'cli-plugins'), ...folders]) {
    const plugin = join(folder, 'docker-compose')
    if (await isProgram(plugin)) return [plugin]
  }
  return ['docker', 'compose']
}

async function furtherFolders(own: string): Promise<readonly string[]> {
  try {
    const config: unknown = JSON.parse(await readFile(join(own, 'config.json'), 'utf8'))
    const named = isFields(config) ? config['cliPluginsExtraDirs'] : undefined
    return Array.isArray(named) ? named.filter((folder) => typeof folder === 'string') : []
  } catch {
    // Not there or not readable: docker itself then goes on without it, too.
    return []
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
