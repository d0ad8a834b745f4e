import { basename } from 'node:path'
import { cleanText } from '@fairway/core/basics'
import { stringify } from 'yaml'
import { type KeyPath } from '../key-path.ts'
import type { ExplainedConfig, ExplainedValue } from './explain-config.ts'
import type { NamedVariable, Origin } from './origin.ts'

/** A configuration as YAML that can be copied into a file, each line with a comment that says where it comes from. */
export function configLines({ file, apps, values }: ExplainedConfig): readonly string[] {
  const off = new Map(apps.flatMap(({ name, because }) => (because === undefined ? [] : [[name, because]])))
  const rows = values.flatMap((value, index) => [
    ...headings(value, values[index - 1]?.at ?? []).map((at) => toHeading(at, values, off)),
    toRow(value, basename(file)),
  ])
  const lengths = rows.map(({ text }) => text.length).filter((length) => length <= widest)
  const width = Math.max(0, ...lengths)
  return [
    `# ${cleanText(file, Infinity)}`,
    ...rows.map(({ text, comment }) =>
      comment === undefined ? text : `${text.padEnd(width)}  # ${comment}`,
    ),
  ]
}

/** The sections that begin with a value, outermost first. */
function headings({ at }: ExplainedValue, before: KeyPath): readonly KeyPath[] {
  const shared = at.findIndex((key, index) => key !== before[index])
  const sections = at.slice(0, -1).map((_, depth) => at.slice(0, depth + 1))
  return sections.filter(({ length }) => length > shared)
}

function toHeading(
  at: KeyPath,
  values: readonly ExplainedValue[],
  off: ReadonlyMap<string | undefined, string | undefined>,
): Row {
  const because = at.length === 2 && at[0] === 'apps' ? off.get(String(at[1])) : undefined
  const inside = values.filter((value) => at.every((key, index) => value.at[index] === key))
  // A list whose entries are all dropped would be null.
  const isEmpty = inside.every(
    (value) => typeof value.at[at.length] === 'number' && value.value === undefined,
  )
  return {
    text: `${indent(at.length - 1)}${show(at.at(-1))}:${isEmpty ? ' []' : ''}`,
    ...(because === undefined ? {} : { comment: `off: ${cleanText(because)}` }),
  }
}

/** Longer lines have their comment where they end. */
const widest = 60

interface Row {
  readonly text: string
  readonly comment?: string
}

function toRow({ at, value, path, origin }: ExplainedValue, file: string): Row {
  const key = at.at(-1) ?? ''
  const start = typeof key === 'number' ? '-' : `${show(key)}:`
  const id = typeof key === 'number' ? `${path}: ` : ''
  const comment = `${id}${describeOrigin(origin, file)}`
  if (value !== undefined) return { text: `${indent(at.length - 1)}${start} ${show(value)}`, comment }
  const text = `${indent(at.length - 1)}# ${start === '-' ? '- dropped' : `${start} not set`}`
  return origin.kind === 'default' && origin.variables === undefined ? { text } : { text, comment }
}

function indent(depth: number): string {
  return '  '.repeat(depth)
}

/** On one line, and so that it is read as it is; what a terminal could act on stands as an escape. */
function show(value: unknown): string {
  const options = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false } as const
  const text = stringify(value, options)
    .trimEnd()
    .replaceAll('${', () => '$${')
  return text === cleanText(text, Infinity) ? text : cleanText(JSON.stringify(value), Infinity)
}

/** `fairway.yaml:12, TAG in .env`. */
function describeOrigin({ kind, line, flag, variables = [] }: Origin, file: string): string {
  const place = kind === 'file' ? [line === undefined ? file : `${file}:${line}`] : []
  const start = kind === 'default' ? ['default'] : flag === undefined ? place : [flag]
  return [...start, ...variables.map(describeVariable)].map((part) => cleanText(part)).join(', ')
}

function describeVariable({ name, from }: NamedVariable): string {
  if (from === undefined) return `${name} has no value`
  return from === '.env' ? `${name} in .env` : `${name} (environment)`
}
