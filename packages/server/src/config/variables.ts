import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Environment } from '@fairway/core'
import { errorMessage, fileErrorCode } from './file-error.ts'

/** What a name stands for: its value; nothing, where it is unset; or the problem with its file. */
type Variable = { readonly value: string } | { readonly problem: string } | undefined

export type Variables = (name: string) => Variable

/** Looks names up in environments, the first one first; where NAME is unset, NAME_FILE may name a file that holds its value. */
export function variables(environments: readonly Environment[], base: string): Variables {
  return (name) => {
    const value = find(name, environments)
    if (value !== undefined) return { value }
    const file = find(`${name}_FILE`, environments)
    return file === undefined || file === '' ? undefined : readVariable(name, resolve(base, file))
  }
}

/** Own properties only: `${constructor}` is no variable. */
function find(name: string, environments: readonly Environment[]): string | undefined {
  const environment = environments.find(
    (candidate) => Object.hasOwn(candidate, name) && candidate[name] !== undefined,
  )
  return environment?.[name]
}

function readVariable(name: string, file: string): Variable {
  try {
    return { value: readFileSync(file, 'utf8').trim() }
  } catch (error) {
    return {
      problem: `${name}_FILE names a file that cannot be read (${fileErrorCode(error) || errorMessage(error)})`,
    }
  }
}
