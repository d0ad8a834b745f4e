import { type App, pipeline, type Delivery, type Push, resolveRepo, verifySignature } from '@fairway/core'
import { createWebhook, type Webhook } from '@fairway/core/webhook'

export interface ShopWebhookOptions {
  readonly secret: string
  readonly apps: readonly App[]
  /** Keeps what is to be deployed, before the git host gets its 202. */
  readonly store: (deployment: {
    readonly id: string
    readonly app: App
    readonly push: Push
  }) => Promise<void>
}

/** Ten lines of push to deploy, for any app that speaks HTTP: verified, matched to apps, stored, answered. */
export function shopWebhook({ secret, apps, store }: ShopWebhookOptions): Webhook {
  return createWebhook({
    pipeline: pipeline<{ delivery: Delivery }>()
      .use(verifySignature({ secrets: [secret] }))
      .use(resolveRepo({ apps })),
    async accept({ push, apps: concerned }) {
      const deployments = concerned.map((app) => ({ id: crypto.randomUUID(), app }))
      for (const { id, app } of deployments) await store({ id, app, push })
      return {
        deployments: deployments.map(({ id, app }) => ({ id, app: app.name, status: 'queued' })),
        duplicate: false,
      }
    },
  })
}
