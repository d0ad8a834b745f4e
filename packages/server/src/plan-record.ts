import type { Plan } from '@fairway/core'

/** A plan as it is recorded and shown: without what only applying it needs. */
export function planRecord(
  { app, commit, services }: Plan,
  redact: (text: string) => string = (text) => text,
): Plan {
  return {
    app,
    commit,
    services: services.map(({ service, action, because }) => ({
      service,
      action,
      because: because.map(redact),
    })),
  }
}
