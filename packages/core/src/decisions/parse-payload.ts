import type { Delivery } from '../domain/delivery.ts'
import { DeployError } from '../errors.ts'
import { cleanText } from '../text.ts'

/** The payload of a verified delivery: JSON, or a form with the JSON in `payload`. */
export function parsePayload({ headers, body }: Delivery): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const text = utf8.decode(body)
  if (type === 'application/json') return parseJson(text)
  if (type === 'application/x-www-form-urlencoded') {
    const payloads = new URLSearchParams(text).getAll('payload')
    if (payloads.length > 1) throw new DeployError('payload_invalid', 'The form has more than one payload')
    return parseJson(payloads[0] ?? '')
  }
  const which = type ? `Content type ${cleanText(type, 100)}` : 'A delivery without a content type'
  throw new DeployError('content_type_unsupported', `${which} is not supported`, {
    hint: 'Set the content type of the webhook to application/json',
  })
}

/** Strips a byte order mark and replaces what is no UTF-8: the signature was over the bytes as received. */
const utf8 = new TextDecoder()

function parseJson(text: string): unknown {
  if (isDeeperThan(deepest, text)) {
    throw new DeployError('payload_invalid', `The payload is nested more than ${deepest} levels deep`)
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DeployError('payload_invalid', 'The payload is not valid JSON', { cause })
  }
}

/** A push of GitHub has five; a million of them keep the parser busy for seconds. */
const deepest = 100

/** Counts brackets outside of strings, and stops at the first that is too many. */
function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === openBracket || code === openBrace) depth += 1
    else if (code === closeBracket || code === closeBrace) depth -= 1
    if (depth > limit) return true
  }
  return false
}

/** Where the string that begins at `start` ends, or the text where it does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === backslash) first -= 1
  return (at - first) % 2 === 1
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
]
