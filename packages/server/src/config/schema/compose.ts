import { z } from 'zod'
import { expected, list, oneOf, section, text } from '../fields.ts'
import { checkoutFileRule, envFileRule, profileRule } from '../rules.ts'

const variableName = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'is not a name for a variable' })

const variableValue = z
  .union([z.string(), z.number(), z.boolean()], { error: ({ input }) => expected('text', input) })
  .transform((value, ctx) => {
    if (!String(value).includes('\0')) return String(value)
    ctx.addIssue('must not have a NUL in it')
    return z.NEVER
  })

/** What is under `apps.NAME.compose`: which files Compose reads, and what it may know. */
export const compose = section({
  files: list(text(checkoutFileRule)).exactOptional().meta({
    description:
      "Compose files, relative to the checkout; later ones add to earlier ones. Where they aren't there, Compose's own standard names are tried.",
  }),
  debug: list(text(checkoutFileRule)).exactOptional().meta({
    description: 'The files instead, when the `.env` of the checkout has DEBUG=true.',
  }),
  profiles: list(text(profileRule))
    .exactOptional()
    .meta({ description: 'Profiles of Compose to switch on.', examples: [['web']] }),
  envFiles: list(text(envFileRule))
    .exactOptional()
    .meta({
      description:
        'Files with variables for the Compose files. Relative to the checkout, or absolute. None: the `.env` of the checkout, where there is one.',
      examples: [['.env', '/etc/shop/secrets.env']],
    }),
  environment: z
    .record(variableName, variableValue, { error: ({ input }) => expected('a section of variables', input) })
    .exactOptional()
    .meta({
      title: 'variables, by name',
      description:
        'Variables that the Compose files may read, such as `TAG: ${TAG}`. Of the environment of Fairway itself Compose gets nothing but PATH, HOME, LANG, DOCKER_*, XDG_RUNTIME_DIR, SSH_AUTH_SOCK and the variables for proxies and CAs. One whose `${NAME}` has no value is not passed.',
    }),
  unset: oneOf(['warn', 'error']).exactOptional().meta({
    description:
      'What a `${VARIABLE}` in a Compose file does that has neither value nor default. warn: a warning. error: the deploy fails before anything is touched.',
  }),
}).meta({ description: 'What Compose is given.' })
