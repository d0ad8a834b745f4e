import type { Push } from '../domain/push.ts'
import { DeployError } from '../errors.ts'
import { type Fields, isFields } from '../fields.ts'

/** What a push payload says, checked at every path that is read. */
export interface ReadPush {
  readonly push: Push
  /** The ref was deleted: `deleted`, or an all-zero `after`. */
  readonly deleted: boolean
}

/** Reads GitHub's push payload; throws `payload_invalid` naming the path that is wrong. Commits and URLs in it are not read. */
export function readPush(payload: unknown): ReadPush {
  const root = asObject(payload, 'the payload')
  const repository = asObject(own(root, 'repository'), 'repository')
  const pusher = own(root, 'pusher')
  const name = text(own(repository, 'name'), 'repository.name')
  const fullName = optional(own(repository, 'full_name'), 'repository.full_name', text)
  const before = optional(own(root, 'before'), 'before', sha)
  const after = optional(own(root, 'after'), 'after', sha)
  const deleted = optional(own(root, 'deleted'), 'deleted', boolean) ?? false
  const pusherName = pusher === undefined ? undefined : own(asObject(pusher, 'pusher'), 'name')
  const push: Push = {
    repository: fullName ?? name,
    ref: text(own(root, 'ref'), 'ref'),
    pusher: optional(pusherName, 'pusher.name', text) ?? 'unknown_pusher',
    ...(before === undefined || isZero(before) ? {} : { before }),
    ...(after === undefined || isZero(after) ? {} : { after }),
  }
  return { push, deleted: deleted || (after !== undefined && isZero(after)) }
}

/** The four words of the log's `Event:` line, for any event; what isn't there is called unknown, as the seed has it. */
export function describePayload(payload: unknown): { repository: string; ref: string; pusher: string } {
  const root = isFields(payload) ? payload : {}
  const name = (value: unknown): unknown => (isFields(value) ? own(value, 'name') : undefined)
  const word = (value: unknown, unknown: string): string => (typeof value === 'string' ? value : unknown)
  return {
    repository: word(name(own(root, 'repository')), 'unknown_repository'),
    ref: word(own(root, 'ref'), 'unknown_ref'),
    pusher: word(name(own(root, 'pusher')), 'unknown_pusher'),
  }
}

/** The zeros that stand for "no commit", 40 for SHA-1 and 64 for SHA-256. */
function isZero(commit: string): boolean {
  return /^0+$/.test(commit)
}

/** Only own properties: a payload must not reach `Object.prototype`. */
function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}

function asObject(value: unknown, path: string): Fields {
  if (isFields(value)) return value
  throw invalid(path, 'an object')
}

function optional<T>(value: unknown, path: string, read: (value: unknown, path: string) => T): T | undefined {
  return value === undefined ? undefined : read(value, path)
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 1_000) return value
  throw invalid(path, 'a text')
}

function boolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  throw invalid(path, 'true or false')
}

function sha(value: unknown, path: string): string {
  if (typeof value === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(value)) return value.toLowerCase()
  throw invalid(path, 'a full SHA')
}

function invalid(path: string, wanted: string): DeployError {
  return new DeployError('payload_invalid', `Not a valid push: ${path} must be ${wanted}`)
}
