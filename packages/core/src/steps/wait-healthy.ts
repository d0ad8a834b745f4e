import type { App } from '../domain/app.ts'
import type { Container } from '../domain/container.ts'
import type { Project, Service } from '../domain/project.ts'
import type { Clock } from '../executors/clock.ts'
import type { Compose } from '../executors/compose.ts'
import { dockerEngine } from '../executors/docker-engine.ts'
import type { Engine } from '../executors/engine.ts'
import type { Files } from '../executors/files.ts'
import { networkProbe } from '../executors/network-probe.ts'
import { nodeFiles } from '../executors/node-files.ts'
import type { Probe } from '../executors/probe.ts'
import { systemClock } from '../executors/system-clock.ts'
import { step, type Step } from '../step.ts'
import { probeRounds } from './probe-rounds.ts'
import { untilHealthy } from './until-healthy.ts'

export interface WaitHealthyOptions {
  readonly engine?: Engine
  readonly clock?: Clock
  /** Milliseconds to wait for an engine that doesn't answer; they don't count as the containers'. Default: the app's `healthTimeout`. */
  readonly patience?: number
  /** From 0 up to 1, for the waits before the engine is asked again. */
  readonly random?: () => number
  /** Asks what `rollout.probe` names. */
  readonly probe?: Probe
  /** Tells where the engine is, for the probe; default: on this machine. */
  readonly compose?: Pick<Compose, 'engine'>
  readonly files?: Files
}

/**
 * Proves through the Engine that what was brought up stays up, and by `rollout.probe` that it answers: Compose's exit code says nothing
 * of it. Fails with `unhealthy`.
 */
export function waitHealthy({
  engine = dockerEngine(),
  clock = systemClock(),
  probe = networkProbe(),
  files = nodeFiles(),
  compose,
  patience,
  random = Math.random,
}: WaitHealthyOptions = {}): Step<
  { app: App; project: Project; services: readonly Service[] },
  { containers: readonly Container[] }
> {
  return step('waitHealthy', async ({ app, project, services }, run) => {
    const { healthTimeout, probe: url } = app.rollout
    // What runs once, before the others, has ended.
    const lasting = services.filter(({ name }) => name !== app.migrate?.service)
    const ask = url === undefined ? undefined : await probeRounds(url, { probe, files, compose }, run)
    const containers = await untilHealthy(
      { rollout: app.rollout, project, services: lasting, ...(ask ? { ask } : {}) },
      { engine, clock, random, patience: patience ?? healthTimeout },
      run,
    )
    return { containers }
  })
}
