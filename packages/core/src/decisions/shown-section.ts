import { type Fields, isFields } from '../fields.ts'

/** Stands for what is not shown. */
const hidden = '***'

/**
 * A service's section of a resolved configuration without what may be a secret: by then nobody can tell which text came out of `.env`. So
 * names, numbers and Compose's own words stay, and the name of its image; any other text is left out, and all values where the keys are
 * somebody's own (environment, labels, arguments of a build).
 */
export function shownSection(service: Fields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(service).flatMap(([key, value]) => {
      // Nothing of Compose, and of any form.
      if (key.startsWith('x-') || value === null) return []
      if (key === 'image' && typeof value === 'string') return [[key, withoutUser(value)]]
      return [[key, shown(key, value)]]
    }),
  )
}

/** Nothing but names and digests is part of an image's name; what pretends to be a URL is not shown. */
function withoutUser(image: string): string {
  return image.includes('@') && !/@sha256:[0-9a-f]+$/.test(image) ? hidden : image
}

function shown(key: string, value: unknown): unknown {
  if (ownKeys.has(key)) return namesOf(value)
  if (Array.isArray(value)) {
    const entries = value.map((entry: unknown) => shown(key, entry))
    return entries.length > 0 && entries.every((entry) => entry === hidden) ? hidden : entries
  }
  if (isFields(value)) {
    const entries = Object.entries(value).filter(([name]) => !name.startsWith('x-'))
    return Object.fromEntries(entries.map(([name, inner]) => [name, shown(name, inner)]))
  }
  if (typeof value !== 'string') return value
  const isPort = key === 'published' && /^\d{1,5}(?:-\d{1,5})?$/.test(value)
  return isPort || words.has(value) ? value : hidden
}

/** Names, each with its value left out. One without a value may be a whole text that a variable brought: it is left out itself. */
function namesOf(value: unknown): unknown {
  if (!isFields(value)) return hidden
  // Of a text in base64 the padding would pass for a value.
  const isNone = (inner: unknown): boolean =>
    inner === null || (typeof inner === 'string' && /^=*$/.test(inner))
  const names = Object.entries(value).filter(([, inner]) => !isNone(inner))
  return Object.fromEntries(names.map(([name]) => [name, hidden]))
}

const ownKeys = new Set([
  'annotations',
  'args',
  'driver_opts',
  'environment',
  'extra_hosts',
  'labels',
  'options',
  'storage_opt',
  'sysctls',
])

/** That Compose itself gives a meaning. */
const words = new Set([
  'always',
  'bind',
  'bridge',
  'build',
  'host',
  'if_not_present',
  'ingress',
  'missing',
  'never',
  'no',
  'none',
  'on-failure',
  'service_completed_successfully',
  'service_healthy',
  'service_started',
  'start-first',
  'stop-first',
  'tcp',
  'tmpfs',
  'udp',
  'unless-stopped',
  'volume',
])
