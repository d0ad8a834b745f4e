import type { Outcome, RunEvent } from '@fairway/core'

/** Sends a text to whoever wants to know; in real life a chat's incoming webhook. */
export type Send = (text: string) => Promise<void>

/** Watches a run: give `observe` to it, and its outcome to `done`. */
export function notifier(app: string, send: Send) {
  const steps: string[] = []
  let lastLine = ''
  return {
    observe: (event: RunEvent): void => {
      if (event.type === 'output') lastLine = event.line
      if (event.type === 'step-ended') steps.push(`${event.step} ${(event.durationMs / 1000).toFixed(1)} s`)
    },
    /** One message per run; a skip is no news. */
    done: async (outcome: Outcome<object>): Promise<void> => {
      if (outcome.status === 'skipped') return
      if (outcome.status === 'success') return send(`✅ ${app} deployed: ${steps.join(', ')}`)
      const why = outcome.error instanceof Error ? outcome.error.message : String(outcome.error)
      return send(`❌ ${app} ${outcome.status} at ${outcome.step}: ${why}${lastLine && `\n${lastLine}`}`)
    },
  }
}

/** Posts it as JSON, as Slack, Mattermost and others take it. */
export function postTo(url: string): Send {
  return async (text) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) throw new Error(`The notification was refused with ${answer.status}`)
  }
}
