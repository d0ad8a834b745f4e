import type { Secret } from '@fairway/core'

export interface SecretLists {
  /** What isn't text was dropped; the entries after it keep their index. */
  readonly global: readonly unknown[]
  readonly apps: readonly { readonly name: string; readonly webhookSecrets: readonly unknown[] }[]
}

/** Every secret with the place it is configured at. */
export function collectSecrets({ global, apps }: SecretLists): readonly Secret[] {
  return [
    ...global.flatMap((value, index) => toSecret(`webhook.secrets[${index}]`, value)),
    ...apps.flatMap(({ name, webhookSecrets }) =>
      webhookSecrets.flatMap((value, index) => toSecret(secretId(name, index), value)),
    ),
  ]
}

/** The id of an app's own secret. */
export function secretId(app: string, index: number): string {
  return `apps.${app}.webhookSecrets[${index}]`
}

function toSecret(id: string, value: unknown): readonly Secret[] {
  return typeof value === 'string' ? [{ id, value }] : []
}
