/** One thing that is wrong with the configuration. */
export interface Mistake {
  /** Key path such as `apps.shop.timeouts.git`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  /** `line:column` in the configuration file. */
  readonly line?: string
}

export interface ConfigErrorOptions {
  readonly file?: string
  readonly serveMistakes?: readonly Mistake[]
}

/** Everything that is wrong with the configuration; `message` has one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly Mistake[]
  /** What `serveMistakes` would say of the same configuration, so that `config check` needs one run. */
  readonly serveMistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[], { file, serveMistakes = [] }: ConfigErrorOptions = {}) {
    super(mistakes.map((mistake) => describe(mistake, file)).join('\n'))
    this.mistakes = mistakes
    this.serveMistakes = serveMistakes
  }
}

/** As compilers print it, so that terminals and editors can follow it. */
function describe({ path, message, line }: Mistake, file: string | undefined): string {
  const place = file === undefined ? '' : `${line === undefined ? file : `${file}:${line}`}: `
  return `${place}${path === '' ? '' : `${path}: `}${message}`
}
