import { DeployError } from '../../errors.ts'
import { cleanText } from '../../text.ts'
import type { Unsupported } from '../git.ts'
import type { Content } from './content.ts'
import type { LfsFile } from './lfs.ts'

/** Filters other than git-lfs's are programs that a repository asks for; what they make can't be deployed without them. */
export function filterProblem({ filters }: Pick<Content, 'filters'>): Unsupported | undefined {
  const others = [...filters].filter(([, filter]) => filter !== 'lfs')
  const [, filter] = others[0] ?? []
  if (filter === undefined) return undefined
  const files = others.filter(([, other]) => other === filter).map(([file]) => file)
  const has = files.length === 1 ? 'has' : 'have'
  return {
    problem: `${nameFiles(files)} ${has} the filter ${cleanText(filter)} in the attributes; Fairway runs no filters`,
    hint: 'Take the filter out of .gitattributes, and bring such files to this machine in another way; nothing was changed',
  }
}

/** Without git-lfs pointers would be deployed instead of files. */
export function lfsProblem(files: readonly LfsFile[]): Unsupported {
  return {
    problem: `it uses Git LFS (${nameFiles(files.map(({ file }) => file))}), and git-lfs is not installed`,
    hint: 'Run sudo apt-get install git-lfs, or start Fairway with a PATH that has it; nothing was changed',
  }
}

export function unsupportedError(doing: string, { problem, hint }: Unsupported): DeployError {
  return new DeployError('content_unsupported', `${doing}: ${problem}`, { hint })
}

/** The first of the files and how many more there are: `assets/logo.bin and 3 more`. */
export function nameFiles([first = '', ...others]: readonly string[]): string {
  const name = cleanText(first)
  return others.length === 0 ? name : `${name} and ${others.length} more`
}
