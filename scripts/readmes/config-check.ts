import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../lib/run.ts'

/** What `fairway config check` says of the configuration in a folder; rejects where it has mistakes. */
export function configCheck(folder: string): Promise<string> {
  const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
  const args = [
    '--conditions=@fairway/source',
    main,
    '--config',
    join(folder, 'fairway.yaml'),
    'config',
    'check',
  ]
  return run(process.execPath, args, {
    directory: folder,
    environment: { GITHUB_WEBHOOK_SECRET: 'a secret of more than sixteen characters' },
  })
}
