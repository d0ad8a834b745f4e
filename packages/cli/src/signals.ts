/** SIGHUP is a closed terminal: Compose must not go on without us. */
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Aborts at the first signal that asks a command to end. */
export function watchSignals(): { readonly signal: AbortSignal; readonly ignore: () => void } {
  const controller = new AbortController()
  const onSignal = (): void => controller.abort('interrupted')
  for (const name of names) process.once(name, onSignal)
  return {
    signal: controller.signal,
    ignore() {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
