import { styleText } from 'node:util'
import type { Environment, Logger } from '@fairway/core'

/** Where a command writes and reads from; tests give their own. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
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

/** How wide a table on stdout may be: as wide as the terminal, or as COLUMNS says; elsewhere nothing is cut. */
export function widthOfOutput({ stdout, environment }: Terminal): number {
  const asked = Number(environment['COLUMNS'])
  if (stdout.isTTY === true && stdout.columns) return stdout.columns
  return Number.isSafeInteger(asked) && asked > 0 ? asked : Infinity
}

/** A log whose warnings and errors go to stderr, for what a command does beside its own work. */
export function logTo({ stderr }: Terminal): Logger {
  const silent = (): void => {}
  const say = (message: string): void => void stderr.write(`fairway: ${message}\n`)
  return { debug: silent, info: silent, warn: say, error: say }
}
