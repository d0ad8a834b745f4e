import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Environment } from '@fairway/core'
import { errorMessage, fileErrorCode } from './file-error.ts'

/** Where a variable has its value. */
export interface VariableSource {
  /** As it stands there: `NAME`, or `NAME_FILE` where that names a file with the value. */
  readonly name: string
  readonly from: 'environment' | '.env'
  /** The file that `NAME_FILE` names. */
  readonly file?: string
}

/** What a name stands for: its value; nothing, where it is unset; or the problem with its file. */
type Variable =
  | { readonly value: string; readonly source: VariableSource }
  | { readonly problem: string }
  | undefined

export type Variables = (name: string) => Variable

export interface Environments {
  readonly environment: Environment
  /** Of the `.env` beside the configuration. */
  readonly dotEnv?: Environment
}

/** Looks names up, in the environment first; where NAME is unset, NAME_FILE may name a file that holds its value. */
export function variables({ environment, dotEnv = {} }: Environments, base: string): Variables {
  const find = (name: string): { value: string; source: VariableSource } | undefined => {
    const own = ownValue(environment, name)
    if (own !== undefined) return { value: own, source: { name, from: 'environment' } }
    const beside = ownValue(dotEnv, name)
    return beside === undefined ? undefined : { value: beside, source: { name, from: '.env' } }
  }
  return (name) => {
    const found = find(name)
    if (found) return found
    const named = find(`${name}_FILE`)
    if (named === undefined || named.value === '') return undefined
    const file = resolve(base, named.value)
    return readVariable(file, { ...named.source, file })
  }
}

/** Own properties only: `${constructor}` is no variable. */
function ownValue(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined
}

function readVariable(file: string, source: VariableSource): Variable {
  try {
    return { value: readFileSync(file, 'utf8').trim(), source }
  } catch (error) {
    return {
      problem: `${source.name} names a file that cannot be read (${fileErrorCode(error) || errorMessage(error)})`,
    }
  }
}
