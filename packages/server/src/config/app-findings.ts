import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Finding } from './key-path.ts'
import { type Fields, isOn, type RawApps } from './raw.ts'
import { projectPartRule } from './rules.ts'

/** What the schema can't see: names of apps, project names as Compose will get them, and apps that would meet. */
export function appFindings(
  apps: RawApps,
  { base, isOff }: { base: string; isOff: (name: string) => boolean },
): readonly Finding[] {
  const on = new Map([...apps].filter(([name, app]) => !isOff(name) && isOn(app)))
  return [
    ...[...apps.keys()].filter((name) => !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)).map(badName),
    ...[...apps].flatMap(([name, app]) => projectStart(name, app)),
    ...twice(
      on,
      ({ path }) => (isFilled(path) ? realPath(resolve(base, path)) : undefined),
      ({ name, other }) => ({
        at: ['apps', name, 'path'],
        message: `is the same checkout as that of apps.${other}: two apps can't share one`,
      }),
    ),
    ...twice(on, projectOf, ({ name, other }) => ({
      at: ['apps', name, 'project'],
      message: `the Compose project of ${name}, color included, has the same name as that of ${other}: give one of them another project or color`,
    })),
  ]
}

function badName(name: string): Finding {
  const message =
    'is not a name for an app: use lower-case letters, digits, - and _ (63 at most), beginning with a letter or digit'
  return { at: ['apps', name], message }
}

/** The first letter is the color's where there is one; what else is wrong with the parts, the schema says. */
function projectStart(name: string, app: Fields): readonly Finding[] {
  const { color = '', project } = app
  const key = color === '' ? 'project' : 'color'
  const part = color === '' ? project : color
  if (!isFilled(part) || projectPartRule(part) !== undefined || /^[a-z0-9]/i.test(part)) return []
  return [
    { at: ['apps', name, key], message: 'must begin with a letter or digit: Compose refuses anything else' },
  ]
}

/** Color and project in one, as core's `projectName` joins them. */
function projectOf({ color = '', project }: Fields, name: string): string | undefined {
  const own = project ?? name
  return typeof color === 'string' && typeof own === 'string' ? `${color}${own}`.toLowerCase() : undefined
}

/** A finding for each app whose key an earlier app has, too. */
function twice(
  apps: RawApps,
  keyOf: (app: Fields, name: string) => string | undefined,
  toFinding: (pair: { name: string; other: string }) => Finding,
): readonly Finding[] {
  const seen = new Map<string, string>()
  return [...apps].flatMap(([name, app]) => {
    const key = keyOf(app, name)
    const other = key === undefined ? undefined : seen.get(key)
    if (other !== undefined) return [toFinding({ name, other })]
    if (key !== undefined) seen.set(key, name)
    return []
  })
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** The path without symbolic links; a part that isn't there yet is kept as it is. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPath(parent), basename(path))
  }
}
