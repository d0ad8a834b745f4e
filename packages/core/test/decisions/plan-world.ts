import type { Container } from '../../src/domain/container.ts'
import type { Image } from '../../src/domain/image.ts'
import type { Plan } from '../../src/domain/plan.ts'
import type { Dependency } from '../../src/domain/project.ts'
import type { RebuildRules } from '../../src/domain/rebuild.ts'
import type { ServiceState } from '../../src/domain/state.ts'
import { deployedServices } from '../../src/decisions/deployed-services.ts'
import { imageName } from '../../src/decisions/image-name.ts'
import { type DesiredService, planDeployment, type PlanInput } from '../../src/decisions/plan-deployment.ts'
import { appDefaults } from '../../src/domain/app.ts'
import { fakeContainer } from '../../src/testing/fake-engine.ts'

/** Fixed: what is old is old from here on. */
export const now = Date.parse('2026-02-01T00:00:00Z')

/** A service that is built from the folder of its name. */
export function built(name: string, changes: Partial<DesiredService> = {}): DesiredService {
  return {
    ...plain(name),
    build: { context: `/srv/shop/${name}`, additionalContexts: [], digest: `sha256:section-of-${name}` },
    key: { key: `key-of-${name}` },
    ...changes,
  }
}

/** A service that runs an image of somebody else's. */
export function plain(name: string, changes: Partial<DesiredService> = {}): DesiredService {
  return {
    name,
    replicas: 1,
    configuration: `configuration-of-${name}`,
    environment: {},
    sections: {},
    mounts: {},
    ...changes,
  }
}

/** What a service runs once it was deployed. */
export function container(service: DesiredService, changes: Partial<Container> = {}): Container {
  return fakeContainer({
    service: service.name,
    image: image(service).id,
    configHash: `hash-of-${service.name}`,
    ...changes,
  })
}

export function image(service: DesiredService, changes: Partial<Image> = {}): Image {
  const key = service.key && 'key' in service.key ? { app: 'shop', buildKey: service.key.key } : {}
  return {
    id: `sha256:image-of-${service.name}`,
    names: [imageName('shop', service)],
    createdAt: '2026-01-01T00:00:00Z',
    ...key,
    ...changes,
  }
}

/** As after a success with these services; then `changes` came. */
export function deployed(services: readonly DesiredService[], changes: Partial<PlanInput> = {}): PlanInput {
  const running = services.flatMap((service) =>
    Array.from({ length: service.replicas }, (_, index) =>
      container(service, index === 0 ? {} : { id: `${service.name}${index + 1}` }),
    ),
  )
  const base: PlanInput = {
    app: 'shop',
    commit: 'c1',
    project: 'shop',
    path: '/srv/shop',
    rules: appDefaults.rebuild,
    desired: services,
    running,
    images: services.map((service) => image(service)),
    recorded: { commit: 'c0', project: 'shop', services: {}, unsettled: [] },
    changed: [],
    triggered: false,
    requested: false,
    now,
  }
  return {
    ...base,
    recorded: { commit: 'c0', project: 'shop', services: stateOf(base), unsettled: [] },
    ...changes,
  }
}

function stateOf(input: PlanInput): Readonly<Record<string, ServiceState>> {
  const buildKeys = input.desired.map(({ name, key }) => ({
    service: name,
    action: 'keep' as const,
    because: [],
    ...(key && 'key' in key ? { buildKey: key.key } : {}),
  }))
  const plan: Plan = { app: 'shop', commit: 'c0', services: buildKeys }
  const { desired, running } = input
  return deployedServices({
    plan,
    services: desired,
    containers: running,
    basis: { recorded: undefined },
    app: { rebuild: { mode: 'auto' } },
    now: new Date(now),
  })
}

/** Lines as the log has them, without what is kept for no reason. */
export function told(input: PlanInput): readonly string[] {
  return planDeployment(input)
    .services.filter(({ action, because }) => action !== 'keep' || because.length > 0)
    .map(({ service, action, because, forced, image: tag }) => {
      const how = `${action}${forced ? ' (forced)' : ''}${tag === undefined ? '' : ` (image ${tag})`}`
      return `${service}: ${[how, ...because].join('; ')}`
    })
}

/** The same services with one of them changed. */
export function withChange(
  services: readonly DesiredService[],
  name: string,
  changes: Partial<DesiredService>,
): readonly DesiredService[] {
  return services.map((service) => (service.name === name ? { ...service, ...changes } : service))
}

export const web = built('web')
export const api = built('api')
export const db = plain('db', { image: 'postgres:16' })
export const shop = [web, api, db]
export const on = (service: string, changes: Partial<Dependency> = {}): Dependency => ({
  service,
  condition: 'service_started',
  restart: false,
  shares: false,
  ...changes,
})
export const rules = (changes: Partial<RebuildRules>): RebuildRules => ({
  ...appDefaults.rebuild,
  ...changes,
})
export const changedWeb = { key: { key: 'new' }, changes: ['web/index.html changed in build context web'] }
export const newImage = image(web, { id: 'sha256:new', names: [], buildKey: 'new' })

/** Each row: what happened, the input, what is told of what is not kept as it is. */
export type Row = readonly [story: string, input: PlanInput, ...told: readonly string[]]

export const recordedBut = (
  changes: Partial<NonNullable<PlanInput['recorded']>>,
): NonNullable<PlanInput['recorded']> => ({
  services: {},
  unsettled: [],
  ...deployed(shop).recorded,
  ...changes,
})
