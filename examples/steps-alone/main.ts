// Brings a checkout to the tip of a branch, as a deploy would: `node main.ts /srv/shop main`.
import { defineApp, describeError, gitPull, type Run } from '@fairway/core'

/** What a step is given beside its context; a pipeline makes one for its steps, here we do it ourselves. */
const run: Run = {
  log: console,
  signal: AbortSignal.timeout(60_000),
  output: (line) => console.log(`  ${line}`),
  // Called with clean-ups for the end of the run; this step has none.
  defer: () => {},
}

const [path = '.', branch = 'main'] = process.argv.slice(2)
const app = defineApp({ name: 'shop', repository: 'acme/shop', path, branch })
const push = { repository: app.repository, ref: `refs/heads/${branch}`, pusher: 'cron' }

try {
  const result = await gitPull().run({ app, push }, run)
  console.log('pull' in result ? `now at ${result.pull.after}` : result.reason)
} catch (error) {
  console.error(describeError(error))
  process.exitCode = 1
}
