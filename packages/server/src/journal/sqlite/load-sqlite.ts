import type * as sqlite from 'node:sqlite'

/** Node's own SQLite, without the warning of Node 22 that it is experimental; every other warning is shown. */
export function loadSqlite(): typeof sqlite {
  const { emitWarning } = process as unknown as Emitter
  const others = (...args: readonly unknown[]): void => {
    const [warning] = args
    if (!String(warning).startsWith('SQLite is an experimental feature'))
      Reflect.apply(emitWarning, process, args)
  }
  process.emitWarning = others
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}

interface Emitter {
  readonly emitWarning: (this: unknown, ...args: readonly unknown[]) => void
}
