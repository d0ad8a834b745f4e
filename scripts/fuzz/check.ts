import { createHmac } from 'node:crypto'
import type { Input } from './input.ts'
import { secret } from './world.ts'

export interface Answer {
  readonly status: number
  /** Names and values. */
  readonly headers: string
  readonly body: string
}

/** What is wrong with an answer; nothing if it is as it must be. */
export function checkAnswer({ status, headers, body }: Answer, input: Input): readonly string[] {
  const signature = createHmac('sha256', secret).update(input.body).digest('hex')
  const sent = input.headers.some(([, value]) => value.includes(signature))
  const told = `${headers}\n${body}`
  return [
    ...(status >= 500 ? [`answered ${status}`] : []),
    ...(status >= 400 && input.method !== 'HEAD' && !hasDetail(body)
      ? [`${status} without detail: ${body.slice(0, 100)}`]
      : []),
    ...(told.includes(secret) ? ['told the secret'] : []),
    ...(!sent && told.includes(signature) ? ['told the right signature'] : []),
    ...(/\n\s+at .*:\d+/.test(body) ? ['told where in the code'] : []),
  ]
}

/** What is wrong with a line of the log. */
export function checkLine(line: string): readonly string[] {
  return [
    ...(line.includes(secret) ? ['the log tells the secret'] : []),
    ...(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line.replaceAll('\n', ''))
      ? ['the log has control characters']
      : []),
    ...(/Unexpected error/.test(line) ? [`the log tells of a bug: ${line.slice(0, 500)}`] : []),
    ...(line.length > 3_000 ? [`a line of ${line.length} characters in the log`] : []),
  ]
}

function hasDetail(body: string): boolean {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown }
    return typeof detail === 'string' && detail !== ''
  } catch {
    return false
  }
}
