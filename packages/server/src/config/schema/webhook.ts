import { anyText, flag, list, section } from '../fields.ts'

/** Stands for `webhook.secrets` where a configuration has none; not a default of the schema, as variables are replaced before it. */
export const defaultSecrets: readonly string[] = ['${GITHUB_WEBHOOK_SECRET}']

/** What is under `webhook`: whose deliveries are believed. */
export const webhook = section({
  // An entry whose variable is unset is undefined here, so that the others keep their index.
  secrets: list(anyText().optional()).default([]).meta({
    description:
      'Secrets of the webhooks at the git host, 16 characters or more. A delivery counts when any of them signed it, so a new one can stand beside the old one until every webhook has it. An entry whose variable has no value is dropped.',
  }),
  allowUnsigned: flag().default(false).meta({
    description:
      'Whether deliveries need no signature, so that whoever reaches the server deploys. Refused unless `server.host` is a loopback address.',
  }),
})
