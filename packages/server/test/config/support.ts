import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { checkConfig, type CheckConfigOptions } from '../../src/config/check-config.ts'
import { ConfigError, type Mistake } from '../../src/config/config-error.ts'
import type { Config, ConfigInput } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { LoadConfigOptions } from '../../src/config/read-source.ts'

/** A folder with these files, gone when the test ends. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-config-')))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}

/** Loads a fairway.yaml from a folder of its own, with nothing in the environment but what is given. */
export function load(
  yaml: string,
  { files = {}, ...options }: LoadConfigOptions & { files?: Readonly<Record<string, string>> } = {},
): Promise<Config> {
  return loadConfig({ environment: {}, directory: folder({ ...files, 'fairway.yaml': yaml }), ...options })
}

export async function mistakesOf(loading: Promise<unknown>): Promise<readonly Mistake[]> {
  return (await errorOf(loading)).mistakes
}

export async function errorOf(loading: Promise<unknown>): Promise<ConfigError> {
  try {
    await loading
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('This configuration has no mistake')
}

/** An app with as little as it needs. */
export const shop = { repository: 'acme/shop', path: '/srv/shop' }

export function check(input: unknown, options: CheckConfigOptions = {}): Config {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What is wrong with it has no type.
  return checkConfig(input as ConfigInput, { environment: {}, directory: '/etc/fairway', ...options })
}

/** The mistakes of an object, as `path: message`. */
export function complaints(input: unknown, options: CheckConfigOptions = {}): readonly string[] {
  try {
    check(input, options)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
}

/** The mistakes of one app that is like `shop` but for these keys. */
export function appComplaints(app: object, options: CheckConfigOptions = {}): readonly string[] {
  return complaints({ apps: { shop: { ...shop, ...app } } }, options)
}
