import { z } from 'zod'

// What the answers' bodies look like: the document is made from these, and tests hold real answers against it.

/** `GET /`. */
export const statusBody = z
  .strictObject({ message: z.literal('Webhook server is running!') })
  .meta({ id: 'Status', description: 'The server runs.' })

/** `GET /healthz`. */
export const healthBody = z
  .strictObject({ status: z.literal('ok') })
  .meta({ id: 'Health', description: 'The process answers.' })

const check = z.string().describe('`ok`, or what is wrong')

/** `GET /readyz`. */
export const readinessBody = z
  .strictObject({
    ready: z.boolean().describe('Whether a delivery that comes now could be stored and deployed'),
    checks: z.strictObject({ journal: check, git: check, docker: check }),
  })
  .meta({ id: 'Readiness', description: 'Whether the server can work, and which part of it cannot.' })

const deployment = z
  .strictObject({
    id: z.string().describe('Id of this deployment'),
    app: z.string().describe('Name of the app, as in `fairway.yaml`'),
    status: z.enum([
      'queued',
      'in_progress',
      'success',
      'failure',
      'skipped',
      'superseded',
      'cancelled',
      'interrupted',
    ]),
  })
  .meta({ id: 'Deployment', description: 'One run for one app.' })

/** `POST /webhook`, once the delivery is stored. */
export const receiptBody = z
  .strictObject({
    message: z.literal('Webhook received and processing started in background!'),
    delivery: z.string().describe('Id of the delivery: `X-GitHub-Delivery`, or a new one'),
    deployments: z.array(deployment).describe('One for each app that the push concerns; may be empty'),
    duplicate: z.literal(true).optional().describe('This delivery was here before, and nothing new is done'),
    skipped: z.string().optional().describe('Why there is nothing to deploy'),
  })
  .meta({ id: 'Receipt', description: 'What becomes of a delivery.' })

/** A delivery that is refused. */
export const refusalBody = z
  .strictObject({ detail: z.string().describe('What is wrong, in words') })
  .meta({ id: 'Refusal', description: 'Why a delivery is refused.' })

/** Any other error. */
export const problemBody = z
  .strictObject({
    detail: z.string().describe('What is wrong, in words'),
    code: z.string().describe('The same for programs, such as `not_found`'),
  })
  .meta({ id: 'Problem', description: 'What went wrong.' })

const name = z.string().min(1).max(1_000)
const commit = z.string().regex(/^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/)

/** What is read of a push; the rest of GitHub's payload is ignored. */
export const pushBody = z
  .looseObject({
    ref: name.describe('Full ref, such as `refs/heads/main`'),
    before: commit.optional().describe('Commit before the push, a full SHA; zeros where the ref was created'),
    after: commit.optional().describe('Commit after the push; zeros where the ref was deleted'),
    deleted: z.boolean().optional().describe('The ref was deleted'),
    repository: z
      .looseObject({
        name: name.describe('Its name without the owner'),
        full_name: name.optional().describe('`owner/name`; without it exactly one app must follow `name`'),
      })
      .describe('What was pushed to'),
    pusher: z
      .looseObject({ name: name.optional().describe('As the log shows it') })
      .optional()
      .describe('Who pushed'),
  })
  .meta({ id: 'Push', description: 'A push as GitHub sends it. Other fields may stand beside these.' })
