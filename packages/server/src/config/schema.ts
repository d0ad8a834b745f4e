import { z } from 'zod'
import { anyText, duration, expected, flag, list, oneOf, section, text, whole } from './fields.ts'
import {
  addressRule,
  branchRule,
  checkoutFileRule,
  envFileRule,
  hostRule,
  pathRule,
  profileRule,
  projectPartRule,
  repositoryRule,
  triggerRule,
} from './rules.ts'
import { urlRule } from './url-rule.ts'

/** Stands for `webhook.secrets` where a configuration has none; not a default of the schema, as variables are replaced before it. */
export const defaultSecrets: readonly string[] = ['${GITHUB_WEBHOOK_SECRET}']

const server = section({
  host: text(hostRule).default('127.0.0.1'),
  port: whole({ min: 0, max: 65_535 }).default(8000),
  dataDir: text(pathRule).default('.fairway'),
  logFile: text(pathRule).nullable().default('webhook_server.log'),
  logFormat: oneOf(['text', 'json']).default('text'),
  concurrency: whole({ min: 1 }).default(2),
  statusPage: flag().default(true),
  trustedProxies: list(text(addressRule)).default([]),
})

const webhook = section({
  // An entry whose variable is unset is undefined here, so that the others keep their index.
  secrets: list(anyText().optional()).default([]),
  allowUnsigned: flag().default(false),
})

const variableName = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'is not a name for a variable' })

const variableValue = z
  .union([z.string(), z.number(), z.boolean()], { error: ({ input }) => expected('text', input) })
  .transform((value, ctx) => {
    if (!String(value).includes('\0')) return String(value)
    ctx.addIssue('must not have a NUL in it')
    return z.NEVER
  })

/** Defaults of these are core's `appDefaults`, filled in by `defineApp`. */
const compose = section({
  files: list(text(checkoutFileRule)).exactOptional(),
  debug: list(text(checkoutFileRule)).exactOptional(),
  profiles: list(text(profileRule)).exactOptional(),
  envFiles: list(text(envFileRule)).exactOptional(),
  environment: z
    .record(variableName, variableValue, { error: ({ input }) => expected('a section of variables', input) })
    .exactOptional(),
})

const app = section({
  repository: text(repositoryRule),
  branch: text(branchRule).exactOptional(),
  path: text(pathRule),
  url: text(urlRule).exactOptional(),
  enabled: flag().default(true),
  project: text(projectPartRule).exactOptional(),
  color: anyText()
    .refine((value) => projectPartRule(value) === undefined, {
      error: ({ input }) => projectPartRule(String(input)),
    })
    .exactOptional(),
  webhookSecrets: list(anyText()).default([]),
  compose: compose.exactOptional(),
  rebuild: section({
    mode: oneOf(['auto', 'triggers', 'always', 'never']).exactOptional(),
    triggers: list(text(triggerRule)).exactOptional(),
    triggerFile: text(checkoutFileRule).exactOptional(),
  }).exactOptional(),
  rollout: section({
    healthTimeout: duration().exactOptional(),
    settle: duration({ min: 0 }).exactOptional(),
  }).exactOptional(),
  timeouts: section({
    git: duration().exactOptional(),
    build: duration().exactOptional(),
    up: duration().exactOptional(),
  }).exactOptional(),
})

/** The keys of fairway.yaml. */
export const configSchema = section({
  server: server.prefault({}),
  webhook: webhook.prefault({}),
  apps: z.record(z.string(), app, { error: ({ input }) => expected('a section of apps', input) }).default({}),
  ignore: list(text(repositoryRule)).default(['deployer']),
})

/** What a configuration says once it is checked. */
export type Parsed = z.output<typeof configSchema>
