import { likelySkips } from '../decisions/likely-skips.ts'
import { parsePayload } from '../decisions/parse-payload.ts'
import { describePayload, readPush } from '../decisions/read-push.ts'
import { bareName, type ResolvedApps, resolveApps } from '../decisions/resolve-apps.ts'
import type { App } from '../domain/app.ts'
import type { Delivery } from '../domain/delivery.ts'
import type { Push } from '../domain/push.ts'
import type { Logger } from '../run.ts'
import { type MaybePromise, skip, step, type Step } from '../step.ts'
import { cleanText } from '../text.ts'
import type { Verified } from './verify-signature.ts'

export interface ResolveRepoOptions {
  /** The apps, or a function that gives them as they are now. */
  readonly apps: readonly App[] | (() => MaybePromise<readonly App[]>)
  /** Repositories that are never deployed, by bare or full name. Default: none. */
  readonly ignore?: readonly string[]
}

/** Reads the push and finds the apps that follow its repository and ref; skips with the reason where there are none. */
export function resolveRepo({
  apps,
  ignore = [],
}: ResolveRepoOptions): Step<{ delivery: Delivery } & Verified, { push: Push; apps: readonly App[] }> {
  return step('resolveRepo', async ({ delivery, event, signedBy }, { log }) => {
    const payload = parsePayload(delivery)
    const { repository, ref, pusher } = describePayload(payload)
    log.info(
      `Event: ${event}, Repo: ${cleanText(repository)}, Ref: ${cleanText(ref)}, Pusher: ${cleanText(pusher)}`,
    )
    if (event !== 'push') return skip(`event ${event}, not a push`)

    const { push, deleted } = readPush(payload)
    const known = typeof apps === 'function' ? await apps() : apps
    const resolved = resolveApps({ push, deleted, apps: known, ignore, signedBy })
    if ('apps' in resolved) return { push: withHint(push, payload, resolved.apps), apps: resolved.apps }
    logUnresolved(log, resolved, push)
    return skip(cleanText(resolved.reason, 500))
  })
}

/** Says for which apps the commits in the payload make a deployment unlikely. */
function withHint(push: Push, payload: unknown, apps: readonly App[]): Push {
  const unlikely = apps.filter((app) => likelySkips(payload, app)).map(({ name }) => name)
  return unlikely.length === 0 ? push : { ...push, unlikely }
}

function logUnresolved(
  log: Logger,
  { because, reason }: Exclude<ResolvedApps, { apps: unknown }>,
  push: Push,
): void {
  const name = cleanText(bareName(push.repository))
  if (because === 'unknown repository') log.warn(`🚫 Unknown repository: ${name}`)
  else if (because === 'ignored' && name.toLowerCase() === 'deployer')
    log.info('⚙️ Deployer self-update skipped.')
  else log.info(`Nothing to deploy: ${cleanText(reason, 500)}`)
}
