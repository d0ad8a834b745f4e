import type { Service } from '../../domain/project.ts'
import type { ServiceState } from '../../domain/state.ts'

/** Why containers are replaced; `forced`: Compose itself would not see it. */
export interface RecreateReason {
  readonly sentence: string
  readonly forced: boolean
}

/** Why the resolved configuration of a service asks for new containers. Keys are named, never values. */
export function configurationReasons(
  { configuration, environment = {}, sections = {} }: Service,
  recorded: ServiceState | undefined,
): readonly RecreateReason[] {
  if (recorded?.configuration === undefined || recorded.configuration === configuration) return []
  const keys = changedKeys(recorded.environment ?? {}, environment)
  const parts = changedKeys(recorded.sections ?? {}, sections)
  const named = [
    ...(keys.length === 0 ? [] : [`environment ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`]),
    ...parts.map(inWords),
  ]
  const sentence =
    named.length === 0 ? 'its configuration changed' : `its configuration changed: ${named.join('; ')}`
  // Compose compares the service's own section alone.
  return [{ sentence, forced: parts.some((part) => part.includes('.')) }]
}

/** Keys that came, went or have another digest, sorted. */
export function changedKeys(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => before[key] !== after[key]).toSorted()
}

/** `networks.front`: the network front. */
function inWords(part: string): string {
  const [, kind, name] = /^(network|volume|config|secret)s\.(.+)$/s.exec(part) ?? []
  return kind === undefined ? part : `the ${kind} ${name}`
}
