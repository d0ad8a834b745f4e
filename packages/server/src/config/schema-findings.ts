import type { z } from 'zod'
import type { Finding, KeyPath } from './key-path.ts'
import { configSchema } from './schema.ts'
import { suggest } from './suggest.ts'

/** What the schema refuses, one finding for each key. */
export function schemaFindings(issues: readonly z.core.$ZodIssue[]): readonly Finding[] {
  return issues.flatMap((issue): readonly Finding[] => {
    const at = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...at, key]))
    if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ at, message }))
    return [{ at, message: issue.message }]
  })
}

function unknownKey(at: KeyPath): Finding {
  return { at, message: `is not a known key${suggest(at, configSchema)}` }
}
