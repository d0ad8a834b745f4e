import type { App, Secret } from '@fairway/core'
import type { z } from 'zod'
import type { configSchema } from './schema.ts'

/** A configuration as one writes it: the keys of fairway.yaml. */
export type ConfigInput = z.input<typeof configSchema>

/** A checked configuration. Paths are absolute, durations in milliseconds. */
export interface Config {
  readonly server: {
    readonly host: string
    readonly port: number
    readonly dataDir: string
    /** null: console only. */
    readonly logFile: string | null
    readonly logFormat: 'text' | 'json'
    readonly concurrency: number
    readonly statusPage: boolean
    /** Addresses and networks whose X-Forwarded-For counts. */
    readonly trustedProxies: readonly string[]
    /** Between two looks at the remotes; 0: none. */
    readonly catchUp: number
    /** How long deliveries and logs are kept, and how many deployments of each app. */
    readonly keep: { readonly deliveries: number; readonly deployments: number; readonly logs: number }
    /** Bytes that must be free before a build; 0: whatever there is. */
    readonly disk: { readonly minFree: number }
  }
  /** The global ones and those of enabled apps; ids keep the index in the configuration. */
  readonly secrets: readonly Secret[]
  readonly allowUnsigned: boolean
  /** Enabled apps only. */
  readonly apps: readonly App[]
  /** Repositories never deployed. */
  readonly ignore: readonly string[]
  readonly warnings: readonly string[]
  /** Where it was read from. */
  readonly file?: string
  /** Files whose change changes the configuration. */
  readonly watched: readonly string[]
}

/** What the command line sets over the file and the environment. */
export interface Flags {
  readonly host?: string
  readonly port?: string | number
  readonly logFormat?: string
}
