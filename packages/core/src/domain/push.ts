/** A verified push, or a deployment that a person asked for by hand. */
export interface Push {
  /** `owner/name`, or the bare name where the host sent no more. */
  readonly repository: string
  /** Full ref, such as `refs/heads/main`. */
  readonly ref: string
  /** Commit before the push; absent when the ref was created or the host didn't say. */
  readonly before?: string
  /** Commit after the push. A hint only: the tip of the followed ref is deployed. */
  readonly after?: string
  readonly pusher: string
  /** Names of apps for which it will probably be skipped, by what the host says of its commits. A hint, too. */
  readonly unlikely?: readonly string[]
  /** Present when a person asked for this deployment: then `ref` above isn't compared with the followed one. */
  readonly manual?: ManualDeploy
}

export interface ManualDeploy {
  /** Full ref, branch, tag or full SHA, tried in this order; default: the followed branch. */
  readonly ref?: string
  /** Build every service that has a build section. */
  readonly rebuild?: boolean
  /** Goes back to a release instead of deploying what the remote has. */
  readonly rollback?: RollbackRequest
}

export interface RollbackRequest {
  /** Id of a deployment, or a commit, or a part of either; default: the release before the one that is deployed. */
  readonly to?: string
  /** Brings up once more what was deployed last with success, instead: nothing is held for that. */
  readonly again?: true
  /** Why what is left must not come back by itself: it is held with this reason. */
  readonly reason: string
}
