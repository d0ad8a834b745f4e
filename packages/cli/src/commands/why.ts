import type { App, Container } from '@fairway/core'
import { cleanText, nearest } from '@fairway/core/basics'
import type { Config, Journal } from '@fairway/server'
import { realExecutors } from '@fairway/server/apps'
import { line } from '../display/line.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { findApp } from '../find-app.ts'
import { hasJournal, withJournal } from '../journal/open.ts'
import { readConfig } from '../read-config.ts'
import { containersOf } from '../status/app-status.ts'
import { type Terminal, widthOfOutput } from '../terminal.ts'
import { type Origin, originsOf } from '../why/origin-of.ts'
import { showOrigin } from '../why/show-origin.ts'

export interface WhyOptions {
  readonly config?: string
  readonly json?: boolean
}

/** Tells which commit, delivery, deployment and reason made the containers of a service that are there now. */
export async function why(
  name: string,
  service: string,
  options: WhyOptions,
  terminal: Terminal,
): Promise<number> {
  const config = await readConfig(options, terminal)
  const app = findApp(name, config)
  const look = (journal?: Journal): Promise<readonly Origin[]> => find(app, service, terminal, journal)
  const origins = await (hasJournal(config) ? withJournal(config, terminal, look) : look())
  if (options.json === true) {
    const containers = origins.map(toJson)
    terminal.stdout.write(`${JSON.stringify({ app: name, service, containers })}\n`)
  } else {
    terminal.stdout.write(`${show(app, service, origins, terminal).join('\n')}\n`)
  }
  return exitCodes.done
}

async function find(
  app: Config['apps'][number],
  service: string,
  terminal: Terminal,
  journal: Journal | undefined,
): Promise<readonly Origin[]> {
  const { git, engine, files } = realExecutors(terminal.environment)
  const all = await containersOf(app, { engine, files })
  const containers = all.filter((container) => container.service === service)
  if (containers.length === 0) await refuseUnknown(app, service, all, journal)
  const images = () => engine.images({ app: app.name, names: [] })
  return originsOf({ app, containers, journal, git, images })
}

/** One that was deployed once and has no container now is known still. */
async function refuseUnknown(
  { name }: App,
  service: string,
  containers: readonly Container[],
  journal: Journal | undefined,
): Promise<void> {
  const deployments = (await journal?.deployments({ app: name, limit: Infinity })) ?? []
  const planned = deployments.flatMap(({ plan }) => plan?.services ?? [])
  const known = [...new Set([...containers, ...planned].map((one) => one.service))].toSorted()
  if (known.includes(service)) return
  if (known.length === 0) {
    throw new UsageError(`Nothing of ${name} runs, and no deployment of it is recorded: deploy it first`)
  }
  const near = nearest(service, known)
  const meant = near === undefined ? '' : ` (did you mean ${cleanText(near)}?)`
  throw new UsageError(
    `There is no service ${cleanText(service)} in ${name}${meant}; there is ${cleanText(known.join(', '), 1_000)}`,
  )
}

function toJson({ container, madeBy, image }: Origin) {
  const { id, name, state, health = null, startedAt } = container
  return {
    id,
    name,
    state,
    health,
    startedAt,
    image: container.image,
    madeBy: madeBy && { subject: null, author: null, ...madeBy },
    imageFrom: image,
  }
}

function show(app: App, service: string, origins: readonly Origin[], terminal: Terminal): readonly string[] {
  const width = widthOfOutput(terminal)
  const now = new Date()
  if (origins.length === 0) return [`${service} of ${app.name} has no container now.`]
  return origins.flatMap((origin) => showOrigin(origin, now)).map((text) => line([text], width))
}
