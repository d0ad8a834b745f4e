import { matchesSignature } from '../decisions/matches-signature.ts'
import type { Delivery, Secret } from '../domain/delivery.ts'
import { DeployError } from '../errors.ts'
import { step, type Step } from '../step.ts'

export interface VerifySignatureOptions {
  /** Any of them may have signed, so that one can be replaced without a gap. A plain string is `webhook.secrets[its index]`. */
  readonly secrets: readonly (string | Secret)[]
  /** Without a secret every delivery is refused, unless this is true. Default: false. */
  readonly allowUnsigned?: boolean
}

export interface Verified {
  /** The kind of event: `push`, `ping`, ... */
  readonly event: string
  /** Ids of the secrets that matched; empty where unsigned deliveries are allowed. */
  readonly signedBy: readonly string[]
}

/** Refuses a delivery that none of the secrets signed: `signature_missing` or `signature_invalid`. */
export function verifySignature({
  secrets,
  allowUnsigned = false,
}: VerifySignatureOptions): Step<{ delivery: Delivery }, Verified> {
  const known = secrets.map((secret, index) =>
    typeof secret === 'string' ? { id: `webhook.secrets[${index}]`, value: secret } : secret,
  )
  const empty = known.find(({ value }) => value === '')
  if (empty) throw new TypeError(`verifySignature: the secret ${empty.id} is empty`)
  if (known.length === 0 && !allowUnsigned) {
    throw new TypeError(
      'verifySignature: no secret given; set one, or allowUnsigned where no one else can reach the server',
    )
  }

  return step('verifySignature', ({ delivery }, { log }) => {
    const { headers, body } = delivery
    if (known.length === 0) {
      log.warn(
        'GITHUB_WEBHOOK_SECRET is not set. Skipping signature verification (NOT RECOMMENDED FOR PRODUCTION).',
      )
      return { event: eventOf(delivery), signedBy: [] }
    }
    const signature = headers['x-hub-signature-256'] ?? ''
    if (signature === '') {
      if (allowUnsigned) {
        log.warn(
          'Signature header missing. Accepted, as unsigned deliveries are allowed (NOT RECOMMENDED FOR PRODUCTION).',
        )
        return { event: eventOf(delivery), signedBy: [] }
      }
      log.warn('Signature header missing. Aborting.')
      throw new DeployError('signature_missing', 'X-Hub-Signature-256 header missing')
    }
    // All are compared, so that the time taken doesn't tell which one matched.
    const signedBy = known.filter(({ value }) => matchesSignature(body, signature, value)).map(({ id }) => id)
    if (signedBy.length === 0) {
      log.warn('Invalid signature. Aborting.')
      throw new DeployError('signature_invalid', 'Invalid signature')
    }
    log.info('Signature verified successfully.')
    log.info(`Signed with ${signedBy.join(', ')}.`)
    return { event: eventOf(delivery), signedBy }
  })
}

function eventOf({ headers }: Delivery): string {
  const event = headers['x-github-event'] ?? ''
  if (event === '') throw new DeployError('payload_invalid', 'X-GitHub-Event header missing')
  // A header that was sent twice comes as a list, which is no event either.
  if (!/^[\w.-]{1,50}$/.test(event)) {
    throw new DeployError('payload_invalid', 'X-GitHub-Event must be the name of one event')
  }
  return event
}
