import type { Logger } from '@fairway/core'
import type { ConfigChanges } from '../compare-configs.ts'
import type { Config } from '../config/config.ts'

/** Says what a new configuration changed, by name: its values may be secrets. */
export function logReload(
  { added, removed, changed, settings, restart }: ConfigChanges,
  { before, after }: { readonly before: Config; readonly after: Config },
  log: Logger,
): void {
  const from = after.file === undefined ? '' : ` from ${after.file}`
  const apps = [...listed('added', added), ...listed('removed', removed), ...listed('changed', changed)].join(
    ', ',
  )
  const { length } = after.apps
  const parts = [
    `${length} ${length === 1 ? 'app' : 'apps'}${apps === '' ? '' : ` (${apps})`}`,
    ...listed('changed', settings),
  ]
  const nothing = apps === '' && settings.length === 0
  log.info(
    nothing
      ? `Configuration read again${from}: nothing changed`
      : `Configuration reloaded${from}: ${parts.join('; ')}`,
  )
  if (restart.length > 0)
    log.warn(`${restart.join(', ')} changed too: that needs a restart, until then the old value goes on`)
  for (const warning of after.warnings) if (!before.warnings.includes(warning)) log.warn(warning)
}

function listed(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what} ${names.join(', ')}`]
}
