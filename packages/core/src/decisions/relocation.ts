import { isAbsolute, relative, resolve, sep } from 'node:path'

/** A checkout whose files lie elsewhere meanwhile, as a commit has them. */
export interface Relocation {
  /** Of the checkout, as it is called. */
  readonly path: string
  /** The same without symbolic links. */
  readonly realPath: string
  /** Where the files of the commit lie; without symbolic links, as all are absolute. */
  readonly folder: string
  /** What lies only in the checkout, relative to it: untracked files, and folders in which nothing is tracked. */
  readonly beside: ReadonlySet<string>
}

/** Where what is meant by a path lies. */
export function whereItLies(path: string, { path: called, realPath, folder, beside }: Relocation): string {
  // Such as a project's name among a command's words: it would be taken for a file of the folder that this process is in.
  if (!isAbsolute(path)) return path
  for (const root of [called, realPath]) {
    const inside = below(root, path)
    if (inside === undefined) continue
    return isBeside(inside, beside) ? path : resolve(folder, inside)
  }
  return path
}

/** The real path of what a real path leads to where it lies meanwhile. */
export function realPathOf(path: string, { realPath, folder }: Relocation): string {
  const inside = below(folder, path)
  return inside === undefined ? path : resolve(realPath, inside)
}

/** A text that names the checkout wherever it named the folder. */
export function asMeant(text: string, { path, folder }: Pick<Relocation, 'path' | 'folder'>): string {
  return text.replaceAll(folder, () => path)
}

function isBeside(inside: string, beside: ReadonlySet<string>): boolean {
  const parts = inside.split(sep)
  return parts.some((_, index) => beside.has(parts.slice(0, index + 1).join('/')))
}

/** A path relative to a folder, empty for the folder itself; undefined where it lies outside. */
function below(folder: string, path: string): string | undefined {
  const inside = relative(folder, path)
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : inside
}
