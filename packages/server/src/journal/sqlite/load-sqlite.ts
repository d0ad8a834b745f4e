import type * as sqlite from 'node:sqlite'

/** Node's own SQLite, without the warning of Node 22 that it is experimental; every other warning is shown. */
export function loadSqlite(): typeof sqlite {
  const { emitWarning } = process
  const others = (...args: Parameters<typeof emitWarning>): void => {
    const [warning] = args
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.apply(process, args)
  }
  process.emitWarning = others as typeof emitWarning
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}
