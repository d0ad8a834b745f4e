import type { Logger } from '@fairway/core'

/** A log that keeps what it is told until it is released, all of it `together`, and passes everything on from then on. */
export function holdLog(
  log: Logger,
  together: (say: () => void) => void,
): { readonly log: Logger; readonly release: () => void } {
  const held: (() => void)[] = []
  let released = false
  const hold =
    (level: keyof Logger) =>
    (message: string): void =>
      released ? log[level](message) : void held.push(() => log[level](message))
  return {
    log: { debug: hold('debug'), info: hold('info'), warn: hold('warn'), error: hold('error') },
    release() {
      released = true
      together(() => {
        for (const say of held.splice(0)) say()
      })
    },
  }
}
