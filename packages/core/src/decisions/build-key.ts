import { createHash } from 'node:crypto'
import { canonical } from './service-configuration.ts'

/** What goes into an image. */
export interface KeyParts {
  /** The build section as Compose resolves it. */
  readonly section: Readonly<Record<string, unknown>>
  readonly platform?: string
  /** The text of the Dockerfile, and of the ignore file. */
  readonly dockerfile: string
  readonly ignoreFile?: string
  readonly context: ContextContent
  /** By name. */
  readonly additional: Readonly<
    Record<string, ContextContent | { readonly text: string } | { readonly key: string }>
  >
  /** Digests of files that are its secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>
  /** Keys of images that it is made from, by the name that it uses. */
  readonly bases: Readonly<Record<string, string>>
  /** Where its `.git` counts. */
  readonly commit?: string
}

/** What lies in a folder: git's id of it and what differs from that, or each file. */
export type ContextContent =
  | { readonly tree: string; readonly beside: readonly ContentFile[] }
  | { readonly files: readonly ContentFile[] }

/** The path in the context, and what tells its content and mode; without: it is gone. */
export type ContentFile = readonly [file: string, content?: string]

/**
 * The digest of all that. Where context and Dockerfile lie doesn't count, as no image shows it: two services that build the same from
 * two folders have one key.
 */
export function buildKeyOf({ section, context, additional, ...parts }: KeyParts): string {
  const counting = Object.entries(section).filter(([name]) => !told.has(name))
  const others = Object.entries(additional).map(
    ([name, other]) => [name, hash(JSON.stringify(other))] as const,
  )
  return hash(
    canonical({
      version: 1,
      section: Object.fromEntries(counting),
      context: hash(JSON.stringify(context)),
      additional: Object.fromEntries(others),
      ...parts,
    }),
  )
}

function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** Told by content instead, or no part of the image. */
const told = new Set(['context', 'dockerfile', 'additional_contexts', 'cache_from', 'cache_to'])
