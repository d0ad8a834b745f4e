import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Environment } from '../environment.ts'

/** Whether a program is in PATH. Asked of the folders: `git lfs version` would run an alias of the checkout instead. */
export async function findProgram(name: string, { PATH = '' }: Environment): Promise<boolean> {
  const found = PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    )
  return (await Promise.all(found)).includes(true)
}
