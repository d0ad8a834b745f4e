import { anyText, expected, list, section } from '../fields.ts'
import { z } from 'zod'

const argument = anyText().refine((value) => !value.includes('\0'), { error: 'must not have a NUL in it' })

/** A program and its arguments. */
const command = z
  .array(argument, {
    error: ({ input }) => expected('a list of a program and its arguments, such as [./check, --all]', input),
  })
  .refine(([program = '']) => program.trim() !== '', { error: 'must begin with a program' })

/** What is under `apps.NAME.hooks`. */
export const hooks = section({
  beforeUp: list(command)
    .exactOptional()
    .meta({
      description:
        'Run after building and before any container is replaced. One that fails ends the deploy, and what was deployed before goes on running.',
      examples: [[['./check', '--all']]],
    }),
  afterUp: list(command).exactOptional().meta({
    description:
      'Run once all containers are up and healthy. One that fails fails the deploy. They are told FAIRWAY_STATUS=success.',
  }),
  onFailure: list(command).exactOptional().meta({
    description:
      'Run after a deploy failed, whatever failed. They are told FAIRWAY_STATUS=failure and FAIRWAY_REASON; their own failure is only logged.',
  }),
}).meta({
  description:
    "Commands of one's own, each a list of a program and its arguments. They run one after the other in the checkout, as the user of Fairway and without a shell; a program with a `/` in it is relative to the checkout. Each has `timeouts.up` to end. Of Fairway's environment they see what Compose does, and FAIRWAY_APP, FAIRWAY_COMMIT, FAIRWAY_REF, FAIRWAY_PROJECT, FAIRWAY_SERVICES (those that the deploy touches, with blanks between them) and FAIRWAY_DEPLOYMENT. Who can push to the repository can change a program that lies in it.",
})
