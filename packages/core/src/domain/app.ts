import type { RebuildRules } from './rebuild.ts'

/** What the operator deploys: repository + ref + checkout + Compose project. Durations in milliseconds. */
export interface App {
  readonly name: string
  /** `owner/name`, or a bare name, which matches any owner. */
  readonly repository: string
  /** Followed branch; absent: the one checked out, else the remote's default. */
  readonly branch?: string
  /** Directory of the checkout. */
  readonly path: string
  /** Where to clone and fetch from; wins over the checkout's origin. */
  readonly url?: string
  /** Compose project name without the colour. */
  readonly project: string
  /** Put before the project name; COLOR in the checkout's `.env` wins. */
  readonly color?: string
  /** Ids of the secrets that must have signed; empty: any global one. */
  readonly webhookSecretIds: readonly string[]
  readonly compose: {
    readonly files: readonly string[]
    readonly debug: readonly string[]
    readonly profiles: readonly string[]
    readonly envFiles: readonly string[]
    readonly environment: Readonly<Record<string, string>>
    /** A `${VAR}` without a value and without a default is warned about, or fails the deployment. */
    readonly unset: 'warn' | 'error'
  }
  /** Globs: deployed only when a changed file matches; `!` negates. */
  readonly paths: readonly string[]
  readonly rebuild: RebuildRules
  readonly rollout: Rollout
  readonly timeouts: { readonly git: number; readonly build: number; readonly up: number }
  /** The service that runs once, to its end, before the others are replaced. */
  readonly migrate?: { readonly service: string }
  /** Commands that are run in the checkout, each as its arguments. */
  readonly hooks: Hooks
}

/** How containers are replaced, and what happens when that goes wrong. */
export interface Rollout {
  readonly healthTimeout: number
  readonly settle: number
  /** `http://web:8080/healthz` or `tcp://web:5432`: what must answer before a deploy counts as a success. */
  readonly probe?: string
  /** After a failure that touched containers: go back to the release before, or leave what is there. */
  readonly onFailure: 'rollback' | 'keep'
  /** How many releases one can go back to. */
  readonly keepReleases: number
  /** Milliseconds after a success in which what turns bad is rolled back; 0: none. */
  readonly watch: number
}

/** Lists of commands, each as its arguments; no shell reads them. */
export interface Hooks {
  /** After building, before any container is replaced: one that fails leaves the old version as it is. */
  readonly beforeUp: readonly (readonly string[])[]
  /** Once all is up: one that fails fails the deployment. */
  readonly afterUp: readonly (readonly string[])[]
  /** After a deployment failed; their own failure changes nothing. */
  readonly onFailure: readonly (readonly string[])[]
}

type Optional<T> = { readonly [K in keyof T]?: T[K] }

/** What `defineApp` takes: name, repository and path, and whatever differs from the defaults. */
export interface AppOptions extends Optional<
  Omit<App, 'compose' | 'rebuild' | 'rollout' | 'timeouts' | 'hooks'>
> {
  readonly name: string
  readonly repository: string
  readonly path: string
  readonly compose?: Optional<App['compose']>
  readonly rebuild?: Optional<RebuildRules>
  readonly rollout?: Optional<App['rollout']>
  readonly timeouts?: Optional<App['timeouts']>
  readonly hooks?: Optional<Hooks>
}

/** The defaults of an app, the same for configuration files and library users. */
export const appDefaults = {
  compose: {
    files: ['docker-compose.prod.yml'],
    debug: ['docker-compose.dev.yml'],
    profiles: [],
    envFiles: [],
    environment: {},
    unset: 'warn',
  },
  rebuild: {
    mode: 'auto',
    triggers: [
      'requirements.txt',
      'Dockerfile',
      'Dockerfile.dev',
      'Dockerfile.prod',
      '.dockerignore',
      '.env',
    ],
    triggerFile: 'REBUILD_TRIGGER',
    refreshBase: null,
  },
  paths: ['**'],
  rollout: { healthTimeout: 60_000, settle: 3_000, onFailure: 'rollback', keepReleases: 5, watch: 0 },
  timeouts: { git: 120_000, build: 1_200_000, up: 300_000 },
  hooks: { beforeUp: [], afterUp: [], onFailure: [] },
} as const satisfies Pick<App, 'compose' | 'hooks' | 'paths' | 'rebuild' | 'rollout' | 'timeouts'>

/** An app with every default filled in. */
export function defineApp(options: AppOptions): App {
  return {
    project: options.name,
    webhookSecretIds: [],
    paths: appDefaults.paths,
    ...options,
    compose: { ...appDefaults.compose, ...options.compose },
    rebuild: { ...appDefaults.rebuild, ...options.rebuild },
    rollout: { ...appDefaults.rollout, ...options.rollout },
    timeouts: { ...appDefaults.timeouts, ...options.timeouts },
    hooks: { ...appDefaults.hooks, ...options.hooks },
  }
}
