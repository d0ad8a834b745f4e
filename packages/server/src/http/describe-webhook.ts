import type { MiddlewareHandler } from 'hono'
import { describeRoute, resolver } from 'hono-openapi'
import { pushBody, receiptBody, refusalBody } from './bodies.ts'
import { internalError, jsonAnswer } from './describe-pages.ts'

const message = 'Webhook received and processing started in background!'
const delivery = '72d3162e-cc78-11e3-81ab-4c9367dc0958'
const deployments = [{ id: 'b8f3c1de-6a55-4f0e-9d53-0d6b3a1c7e21', app: 'shop', status: 'queued' }]
const commits = {
  before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
  after: '59b20b8d5c6ff8d09518454d4dd8b7b30f095ab5',
}
const push = {
  ref: 'refs/heads/main',
  ...commits,
  repository: { name: 'shop', full_name: 'acme/shop' },
  pusher: { name: 'ada' },
}

const retryAfter = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
} as const

export const describeWebhook: MiddlewareHandler = describeRoute({
  operationId: 'webhook',
  summary: 'Take a delivery of GitHub',
  description:
    'Verifies who sent it, stores what is to be deployed, and answers at once: deployments run after the answer. ' +
    'Signed are the bytes of the body as they are sent, in a form too. ' +
    'Every event is welcome; only a push to a branch that an app follows is deployed, and always its newest commit.',
  security: [{ signature: [] }],
  parameters: [
    {
      name: 'X-Hub-Signature-256',
      in: 'header',
      required: true,
      description:
        '`sha256=` and the HMAC-SHA256 of the body with the webhook secret, as 64 hex digits; given once. Not needed where `webhook.allowUnsigned` is `true`',
      schema: { type: 'string', pattern: '^[Ss][Hh][Aa]256=[0-9a-fA-F]{64}$' },
      example: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    {
      name: 'X-GitHub-Event',
      in: 'header',
      required: true,
      description: 'The kind of event',
      schema: { type: 'string', pattern: '^[\\w.-]{1,50}$' },
      example: 'push',
    },
    {
      name: 'X-GitHub-Delivery',
      in: 'header',
      required: false,
      description:
        'Id of the delivery, by which it is known again when it is sent twice. Anything else counts as no id, and makes a delivery of its own',
      schema: { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' },
      example: delivery,
    },
  ],
  requestBody: {
    required: true,
    description:
      'At most 25 MiB and 100 levels deep, not packed. The payload of a push; that of any other event may be any JSON.',
    content: {
      'application/json': {
        schema: resolver(pushBody),
        examples: { push: { summary: 'a push', value: push } },
      },
      'application/x-www-form-urlencoded': {
        schema: {
          type: 'object',
          required: ['payload'],
          properties: { payload: { type: 'string', description: 'The same JSON' } },
        },
        examples: { push: { summary: 'a push', value: { payload: JSON.stringify(push) } } },
      },
    },
  },
  responses: {
    200: jsonAnswer(
      'A ping, or a delivery that was here before and need not be deployed again.',
      receiptBody,
      {
        'a ping': { message, delivery, deployments: [], skipped: 'event ping, not a push' },
        'sent before': { message, delivery, deployments, duplicate: true },
      },
    ),
    202: jsonAnswer('Stored.', receiptBody, {
      'a deployment is queued': { message, delivery, deployments },
      'nothing to deploy': {
        message,
        delivery,
        deployments: [],
        skipped: 'shop follows main, not refs/heads/x',
      },
    }),
    400: jsonAnswer('Signed, but no valid push. The path of what is wrong is named.', refusalBody, {
      'a wrong value': { detail: 'Not a valid push: repository.name must be a text' },
      'no JSON': { detail: 'The payload is not valid JSON' },
      'no event': { detail: 'X-GitHub-Event header missing' },
    }),
    401: jsonAnswer('Nobody who knows the secret sent this.', refusalBody, {
      'no signature': { detail: 'X-Hub-Signature-256 header missing' },
      'a wrong signature': { detail: 'Invalid signature' },
    }),
    413: jsonAnswer('The body is too large; the rest of it is not read.', refusalBody, {
      'too large': { detail: 'The body is larger than 25 MiB' },
    }),
    415: jsonAnswer('Another content type, or a packed body.', refusalBody, {
      'another content type': { detail: 'Content type text/plain is not supported' },
      'a packed body': { detail: 'Content-Encoding is not supported' },
    }),
    429: {
      ...jsonAnswer(
        'Too many wrong signatures came from this address. A correctly signed delivery is never answered so.',
        refusalBody,
        { 'too many': { detail: 'Too many failed signatures' } },
      ),
      headers: retryAfter,
    },
    ...internalError,
    503: {
      ...jsonAnswer('It cannot be stored now: send it again.', refusalBody, {
        'not stored': { detail: 'The delivery could not be stored' },
        'too much at once': { detail: 'Too many large bodies at once' },
        'a server that stops': { detail: 'The server is stopping: send it again' },
      }),
      headers: retryAfter,
    },
  },
})
