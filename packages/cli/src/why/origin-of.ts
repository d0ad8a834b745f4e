import type { App, Container, Described, Git, Image } from '@fairway/core'
import type { ContainerRecord, Deployment, Journal, MadeBy } from '@fairway/server'

/** Where a container comes from. */
export interface Origin {
  readonly container: Container
  /** What the journal says of it; null where no deployment made it, or none is recorded. */
  readonly madeBy: (MadeBy & Partial<Described>) | null
  /** Whether the journal has this container at all: it may have been there before its first record. */
  readonly recorded: boolean
  /** Where no deployment is known to have made it: what is known of its image. */
  readonly image: ImageOrigin | null
}

/** Where an image comes from. */
interface ImageOrigin {
  readonly buildKey: string | null
  /** The app that it was built for. */
  readonly app: string | null
  /** The first deployment that is recorded to have had a container of it made. */
  readonly firstRunBy: MadeBy | null
}

export interface OriginsInput {
  readonly app: App
  readonly containers: readonly Container[]
  readonly journal: Journal | undefined
  readonly git: Git
  /** Those that Fairway built for the app. */
  readonly images: () => Promise<readonly Image[]>
}

/** Where containers come from, by the journal: the newest record that lists one says it. */
export async function originsOf({
  app,
  containers,
  journal,
  git,
  images,
}: OriginsInput): Promise<readonly Origin[]> {
  const records = journal ? await recordsOf(app.name, journal) : []
  return Promise.all(
    containers.map(async (container): Promise<Origin> => {
      const record = records.find(({ id }) => id === container.id)
      const madeBy = record?.madeBy ?? null
      return {
        container,
        recorded: record !== undefined,
        madeBy: madeBy && { ...madeBy, ...(await describe(madeBy, app, git, journal)) },
        image: madeBy ? null : imageOrigin(container, records, await images()),
      }
    }),
  )
}

/** All that deployments of an app left, newest record first. */
async function recordsOf(app: string, journal: Journal): Promise<readonly ContainerRecord[]> {
  const deployments = await journal.deployments({ app, limit: Infinity })
  const ended = (deployment: Deployment): string => deployment.endedAt ?? ''
  // They need not have run in the order in which they were asked for.
  const newest = deployments.toSorted((one, other) => ended(other).localeCompare(ended(one)))
  return newest.flatMap(({ containers }) => containers ?? [])
}

/** Its deployment may be forgotten by now, and the commit be collected. */
async function describe(
  { deployment, commit }: MadeBy,
  { path }: App,
  git: Git,
  journal: Journal | undefined,
): Promise<Partial<Described>> {
  const record = await journal?.deployment(deployment)
  if (record && record.subject !== null) {
    return { subject: record.subject, ...(record.author === null ? {} : { author: record.author }) }
  }
  try {
    return await git.describe(path, commit)
  } catch {
    return {}
  }
}

function imageOrigin(
  { image: id }: Container,
  records: readonly ContainerRecord[],
  images: readonly Image[],
): ImageOrigin | null {
  const image = images.find((candidate) => candidate.id === id)
  const firstRunBy = records.findLast((record) => record.image === id && record.madeBy)?.madeBy ?? null
  if (!image && !firstRunBy) return null
  return { buildKey: image?.buildKey ?? null, app: image?.app ?? null, firstRunBy }
}
