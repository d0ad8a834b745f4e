import type { DeploymentStatus } from '@fairway/server'
import type { Paint } from '../terminal.ts'

const colours = {
  queued: 'cyan',
  in_progress: 'cyan',
  success: 'green',
  failure: 'red',
  skipped: 'yellow',
  superseded: 'gray',
  cancelled: 'red',
  interrupted: 'yellow',
} as const satisfies Record<DeploymentStatus, Parameters<Paint>[0]>

/** Puts a status's colour on a text. */
export function paintStatus(status: DeploymentStatus, paint: Paint): (text: string) => string {
  return (text) => paint(colours[status], text)
}
