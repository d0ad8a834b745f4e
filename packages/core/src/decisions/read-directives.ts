import type { CommitMessage } from '../executors/git.ts'
import { cleanText } from '../text.ts'
import { readTrailers } from './read-trailers.ts'

/** What a commit's message asks of a deployment, and the words that it does it with. */
export type Directive = SkipDirective | RebuildDirective

interface SkipDirective {
  readonly does: 'skip'
  readonly says: string
}

interface RebuildDirective {
  readonly does: 'rebuild'
  readonly says: string
  /** Names are cleaned, not checked. */
  readonly services: 'all' | readonly string[]
}

/** A directive and the commit that gives it. */
export type Directed<Given extends Directive = Directive> = Given & { readonly commit: string }

/** The directive of the newest of these commits (newest first) that gives one. */
export function newestDirective(messages: readonly CommitMessage[]): Directed | undefined {
  return firstOf(messages, (directive) => directive)
}

/** The newest that asks for a rebuild, whatever newer commits say. */
export function newestRebuild(messages: readonly CommitMessage[]): Directed<RebuildDirective> | undefined {
  return firstOf(messages, (directive) => (directive?.does === 'rebuild' ? directive : undefined))
}

function firstOf<Given extends Directive>(
  messages: readonly CommitMessage[],
  choose: (directive: Directive | undefined) => Given | undefined,
): Directed<Given> | undefined {
  for (const { commit, message } of messages) {
    const chosen = choose(readDirective(message))
    if (chosen) return { ...chosen, commit }
  }
  return undefined
}

/** What one message asks for: the last of its trailers that says something, or else `[skip ci]` and the like in its subject. */
export function readDirective(message: string): Directive | undefined {
  // Most messages say nothing, and a delivery may bring many of them.
  if (!/\[(?:skip|ci) |^deploy[ \t]*:/im.test(message)) return undefined
  const said = readTrailers(message).flatMap(({ key, value }) =>
    key === 'deploy' ? (readValue(value) ?? []) : [],
  )
  return said.at(-1)?.does === 'rebuild' ? together(said) : (said.at(-1) ?? readSubject(message))
}

function readValue(value: string): Directive | undefined {
  const [, word = '', names] = /^([a-z]+)\s*(?:=(.*))?$/is.exec(value) ?? []
  const action = word.toLowerCase()
  if (names === undefined) {
    if (action === 'skip') return { does: 'skip', says: 'Deploy: skip' }
    return action === 'rebuild' ? rebuild('all') : undefined
  }
  const services = names.split(/[\s,]+/).filter((name) => name !== '')
  return action === 'rebuild' && services.length > 0 ? rebuild(services) : undefined
}

/** Rebuilds that are asked for one after the other are all meant. */
function together(said: readonly Directive[]): Directive {
  const last = said.slice(1 + said.findLastIndex(({ does }) => does === 'skip'))
  const services = last.flatMap((directive) => (directive.does === 'rebuild' ? directive.services : []))
  return rebuild(last.some((one) => one.does === 'rebuild' && one.services === 'all') ? 'all' : services)
}

const most = 100

function rebuild(services: RebuildDirective['services']): RebuildDirective {
  if (services === 'all') return { does: 'rebuild', says: 'Deploy: rebuild', services }
  const names = [...new Set(services.map((name) => cleanText(name, 100)))].slice(0, most)
  return { does: 'rebuild', says: cleanText(`Deploy: rebuild=${names.join(',')}`), services: names }
}

/** The subject is the first paragraph, as it is for git. */
function readSubject(message: string): Directive | undefined {
  const subject = message.trim().split(/\n[^\S\n]*\n/, 1)[0] ?? ''
  const [marker] = /\[(?:skip ci|ci skip|skip deploy)\]/i.exec(subject) ?? []
  return marker === undefined ? undefined : { does: 'skip', says: marker.toLowerCase() }
}
