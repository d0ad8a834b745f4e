import type { Delivery } from '../domain/delivery.ts'
import { DeployError } from '../errors.ts'
import { cleanText } from '../text.ts'

/** The payload of a verified delivery: JSON, or a form with the JSON in `payload`. */
export function parsePayload({ headers, body }: Delivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  // Strips a byte order mark and replaces what is no UTF-8: the signature was over the bytes as received.
  const text = new TextDecoder().decode(body)
  if (type === 'application/json') return parseJson(text)
  if (type === 'application/x-www-form-urlencoded') {
    return parseJson(new URLSearchParams(text).get('payload') ?? '')
  }
  const which = type ? `Content type ${cleanText(type, 100)}` : 'A delivery without a content type'
  throw new DeployError('content_type_unsupported', `${which} is not supported`, {
    hint: 'Set the content type of the webhook to application/json',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DeployError('payload_invalid', 'The payload is not valid JSON', { cause })
  }
}
