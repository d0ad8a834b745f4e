import { styleText } from 'node:util'
import type { Environment } from '@fairway/core'

/** Where a command writes and reads from; tests give their own. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Progress and logs; stdout is for results. */
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly environment: Environment
  readonly directory: string
}

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** Colours text where the stream is a terminal that wants it (NO_COLOR and the like are honoured). */
export function painter(
  { stderr, environment }: Terminal,
  stream: Terminal['stdout' | 'stderr'] = stderr,
): Paint {
  const wanted = stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
  return (style, text) => (wanted ? styleText(style, text, { validateStream: false }) : text)
}
