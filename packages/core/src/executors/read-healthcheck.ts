import type { Container } from '../domain/container.ts'

/** In nanoseconds, as the Engine has them; 0 or absent: the engine's default. */
interface Healthcheck {
  readonly StartPeriod?: number
  readonly Interval?: number
  readonly Timeout?: number
}

/** What of a healthcheck tells how long a container may be `starting`; nothing without a start period. */
export function readHealthcheck(config: object): Pick<Container, 'healthcheck'> {
  const { Healthcheck: found } = config as { readonly Healthcheck?: Healthcheck | null }
  const startPeriod = milliseconds(found?.StartPeriod) ?? 0
  if (startPeriod === 0) return {}
  const interval = milliseconds(found?.Interval) ?? engineDefault
  const timeout = milliseconds(found?.Timeout) ?? engineDefault
  return { healthcheck: { startPeriod, interval, timeout } }
}

/** Of intervals and timeouts alike. */
const engineDefault = 30_000

function milliseconds(nanoseconds: number | undefined): number | undefined {
  return nanoseconds ? Math.round(nanoseconds / 1_000_000) : undefined
}
