/** Whether a path is a folder (`` the top) or lies in it. */
export function isWithin(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`)
}

/** Folders without those that lie in another one. */
export function outermost(folders: readonly string[]): readonly string[] {
  const unique = [...new Set(folders)]
  return unique.filter((folder) => !unique.some((other) => other !== folder && isWithin(folder, other)))
}
