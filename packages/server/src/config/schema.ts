import { z } from 'zod'
import { expected, list, section, text } from './fields.ts'
import { repositoryRule } from './rules.ts'
import { app } from './schema/app.ts'
import { server } from './schema/server.ts'
import { webhook } from './schema/webhook.ts'

/** The keys of fairway.yaml; what describes them here is what `config schema` and docs/configuration.md say. */
export const configSchema = section({
  server: server.prefault({}).meta({ description: 'The server itself.' }),
  webhook: webhook.prefault({}).meta({ description: 'Whose deliveries are believed.' }),
  apps: z
    .record(z.string(), app, { error: ({ input }) => expected('a section of apps', input) })
    .default({})
    .meta({
      description:
        'What is deployed, by name: lower-case letters, digits, - and _ (63 at most), beginning with a letter or digit. No two apps share a checkout or a Compose project.',
    }),
  ignore: list(text(repositoryRule)).default(['deployer']).meta({
    description: 'Repositories that are never deployed, as owner/name or as a bare name.',
  }),
})

/** What a configuration says once it is checked. */
export type Parsed = z.output<typeof configSchema>
