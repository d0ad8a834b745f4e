/** A fenced piece of code in a page. */
export interface Snippet {
  /** Such as `ts`, `yaml`, `sh`. */
  readonly language: string
  /** What its first line calls it, `// deploy.ts`; else its number. */
  readonly file: string
  readonly text: string
  /** Line of the page that it begins at. */
  readonly line: number
}

/** Every fenced piece of code of a page, in order. */
export function readSnippets(page: string): readonly Snippet[] {
  const found = page.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)
  return [...found].map(([, indent = '', language = '', body = ''], index) => {
    const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    const named = /^(?:\/\/|#) ([\w./-]+\.\w+)\n/.exec(text)?.[1]
    const line = page.slice(0, page.indexOf(body)).split('\n').length
    return { language, file: named ?? `snippet-${index + 1}.${language}`, text, line }
  })
}
