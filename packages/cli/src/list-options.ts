import type { ListOptions } from '@fairway/server'
import { UsageError } from './exit-codes.ts'

/** What a command that lists something takes. */
export interface ListArguments {
  readonly config?: string
  readonly json?: boolean
  readonly limit?: string
  readonly before?: string
}

/** `before` is an id as it was given; `find` gives the whole one. */
export async function listOptions(
  { limit, before }: ListArguments,
  find: (id: string) => Promise<{ readonly id: string }>,
): Promise<ListOptions> {
  return {
    ...(limit === undefined ? {} : { limit: count(limit) }),
    ...(before === undefined ? {} : { before: (await find(before)).id }),
  }
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--limit must be a whole number of at least 1, and is ${JSON.stringify(text)}`)
}
