/** What stands in `refs/fairway/state/<app>`: the last success, and what was begun since. */
export interface DeployedState {
  /** Commit of the last success; absent before the first. */
  readonly commit?: string
  readonly services: Readonly<Record<string, ServiceState>>
  /** Services whose image an unfinished or failed deployment may have replaced: built again next time. */
  readonly unsettled: readonly string[]
}

export interface ServiceState {
  /** Digest of the build section that its image was made from. */
  readonly build?: string
  /** Id of the image that its container ran. */
  readonly image?: string
}
