import { judgeProbe } from './decisions/judge-probe.ts'
import { judgeWatch, type WatchInput } from './decisions/judge-watch.ts'
import type { App } from './domain/app.ts'
import type { Container } from './domain/container.ts'
import { type DeployError, isDeployError } from './errors.ts'
import type { Clock } from './executors/clock.ts'
import type { Compose } from './executors/compose.ts'
import { dockerEngine } from './executors/docker-engine.ts'
import type { Engine } from './executors/engine.ts'
import type { Files } from './executors/files.ts'
import { networkProbe } from './executors/network-probe.ts'
import { nodeFiles } from './executors/node-files.ts'
import type { Probe } from './executors/probe.ts'
import { systemClock } from './executors/system-clock.ts'
import { pipeline, type RunOptions } from './pipeline.ts'
import type { Run } from './run.ts'
import { probeRounds } from './steps/probe-rounds.ts'
import { unhealthy } from './steps/unhealthy.ts'
import type { AskReplicas } from './steps/until-healthy.ts'

export interface WatchAppOptions extends Pick<RunOptions, 'log' | 'signal'> {
  readonly engine?: Engine
  readonly probe?: Probe
  /** Tells where the engine is, for the probe; default: on this machine. */
  readonly compose?: Pick<Compose, 'engine'>
  readonly files?: Files
  readonly clock?: Clock
  /** Name of the Compose project. */
  readonly project: string
  /** Ids of the containers that succeeded. */
  readonly containers: readonly string[]
  /** As they were found healthy; default: as they are found at the first look, but for what is unhealthy already. */
  readonly before?: readonly Container[]
  /** Milliseconds. */
  readonly during: number
}

/** How a watch ended. */
export type Watched =
  | { readonly verdict: 'fine' }
  | { readonly verdict: 'over'; readonly sentence: string }
  /** `error` has the containers' last lines. */
  | { readonly verdict: 'bad'; readonly sentence: string; readonly error: DeployError }

/** Milliseconds between two looks. */
const pause = 1_000

/**
 * Watches what a deployment left, for a time: whether a container is restarted, ends or becomes unhealthy, or `rollout.probe` goes
 * unanswered. Ends as soon as that is so. While the engine is away nothing is said of its containers, and what it shows when it is back
 * is where the watch begins again. Rejects when `signal` aborts.
 */
export async function watchApp(
  app: App,
  {
    engine = dockerEngine(),
    probe = networkProbe(),
    files = nodeFiles(),
    clock = systemClock(),
    compose,
    log,
    signal,
    ...watch
  }: WatchAppOptions,
): Promise<Watched> {
  const outcome = await pipeline<{ app: App }>()
    .use('watchApp', async (_ctx, run) => {
      const url = app.rollout.probe
      const ask = url === undefined ? undefined : await probeRounds(url, { probe, files, compose }, run)
      return { watched: await lookOn({ ...watch, engine, clock, ask }, run) }
    })
    .run({ app }, { ...(log ? { log } : {}), ...(signal ? { signal } : {}), clock })
  if (outcome.status === 'success') return outcome.ctx.watched
  throw outcome.status === 'skipped' ? new Error(outcome.reason) : outcome.error
}

interface Watching extends Pick<WatchAppOptions, 'project' | 'containers' | 'before' | 'during'> {
  readonly engine: Engine
  readonly clock: Clock
  readonly ask: AskReplicas | undefined
}

async function lookOn(watching: Watching, run: Run): Promise<Watched> {
  const { clock, engine, containers: ids, before: known, during, ask } = watching
  const end = clock.monotonic() + during
  let before = known?.filter(({ id }) => ids.includes(id))
  let unanswered: WatchInput['unanswered'] = { times: 0, sentence: '' }
  for (; clock.monotonic() < end; await clock.sleep(pause, run.signal)) {
    const now = await look(watching, run)
    if (!now) {
      before = undefined
      unanswered = { times: 0, sentence: '' }
      continue
    }
    before ??= now.filter(({ id }) => ids.includes(id))
    unanswered = await askProbe(now, unanswered, ask)
    const judgement = judgeWatch({ before, now, unanswered })
    if (judgement.verdict === 'over') return judgement
    if (judgement.verdict === 'bad') {
      const { sentence, failed } = judgement
      const looked = failed.length > 0 ? failed : now.filter(({ service }) => service === ask?.target.service)
      return {
        verdict: 'bad',
        sentence,
        error: await unhealthy([{ sentence, failed: looked, hint }], engine, run),
      }
    }
  }
  return { verdict: 'fine' }
}

const hint = 'What is wrong stands in its own output'

/** The containers of the project; undefined while the engine is away. */
async function look({ engine, project }: Watching, run: Run): Promise<readonly Container[] | undefined> {
  try {
    return await engine.containers(project, run)
  } catch (error) {
    run.signal.throwIfAborted()
    if (isDeployError(error, 'docker_unavailable')) return undefined
    throw error
  }
}

async function askProbe(
  now: readonly Container[],
  { times }: WatchInput['unanswered'],
  ask: AskReplicas | undefined,
): Promise<WatchInput['unanswered']> {
  if (!ask) return { times: 0, sentence: '' }
  const { target } = ask
  const replicas = await ask.ask(now)
  // One that does not run is not asked: what became of it, its container tells.
  if (replicas.length === 0) return { times: 0, sentence: '' }
  const { verdict } = judgeProbe({ target, replicas, elapsed: 0, healthTimeout: 0 })
  if (verdict === 'healthy') return { times: 0, sentence: '' }
  const said = replicas.flatMap(({ answers }) => answers).findLast(({ answer }) => !answer.ok)?.answer.said
  return {
    times: times + 1,
    sentence: `${target.service} did not answer ${target.url}${said === undefined ? '' : ` (${said})`}`,
  }
}
