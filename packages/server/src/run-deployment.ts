import {
  DeployError,
  describeError,
  isDeployError,
  type Looked,
  type ManualDeploy,
  type Outcome,
  type Plan,
  systemClock,
} from '@fairway/core'
import type { Claim, Ending, Left } from './journal/journal.ts'
import { gatherNotes } from './gather-notes.ts'
import { bothLogs } from './log/both-logs.ts'
import type { Deployed } from './pipelines.ts'
import { planRecord } from './plan-record.ts'
import { logOutcome, toEnding } from './report-outcome.ts'
import type { RunDeploymentOptions, RunningDeployment } from './running-deployment.ts'
import { stopInTime } from './stop-in-time.ts'
import { untilStored } from './until-stored.ts'
import type { PlanWatch } from './watch-plan.ts'

/** Runs a deployment that the journal handed out, and records how it went. */
export function runDeployment(
  claim: Claim,
  {
    journal,
    findApp,
    pipeline,
    log: serverLog,
    logs,
    redact = (text) => text,
    observe,
    onEnd,
    storing,
    onUnstored,
    clock = systemClock(),
  }: RunDeploymentOptions,
): RunningDeployment {
  const { id, app: name } = claim.deployment
  const own = logs?.open(id)
  const log = own ? bothLogs(serverLog, own.log) : serverLog
  const leaving = new AbortController()
  let controller = new AbortController()
  let ended: DeployError | undefined
  let hasLock = false
  let as = ''
  let plan: Plan | undefined
  let left: readonly Left[] | undefined
  let looked: Looked | undefined

  const end = (reason: DeployError): void => {
    ended ??= reason
    controller.abort(ended)
  }
  const notes = gatherNotes(clock)
  const stopping = stopInTime(clock, () => end(handedOver))

  const run = async (): Promise<Outcome<Deployed> | Ending> => {
    controller = new AbortController()
    const { signal } = controller
    // What came while the last run was given up counts for this one.
    if (ended) controller.abort(ended)
    const app = await findApp(name)
    if (!app) return missing()
    let begun: Promise<void> | undefined
    const watch: PlanWatch = {
      looked: (at) => void (looked = at),
      planned(made, pull) {
        const record = (plan = planRecord(made, redact))
        notes.add(() => note(journal.planned(id, record, pull)))
        // Should this process die, it is to be seen what it was about to do.
        if (record.services.some(({ action }) => action !== 'keep')) void notes.flush()
      },
      left: (containers) => void (left = containers),
    }
    const steps = pipeline(stopping, watch, claim.push)
    const outcome = await steps.run(
      { app, push: claim.push, deployment: id },
      {
        log,
        signal,
        observe(event) {
          if (signal.reason === anew) return
          observe?.(claim, event)
          if (event.type === 'output') own?.output(event.line)
          if (event.type !== 'step-ended') return
          const { step, status, durationMs } = event
          own?.log.info(`${step}: ${status} (${(durationMs / 1_000).toFixed(1)} s)`)
          // Its first step took the lock: from here on it has started, and nothing supersedes it.
          if (step === steps.steps[0] && status === 'success') begun = begin()
          notes.add(() => note(journal.stepEnded(id, { name: step, status, durationMs })))
        },
      },
    )
    await begun
    if (outcome.status !== 'cancelled' || signal.reason !== anew) return outcome
    log.info(
      `${name} is configured differently now: its deployment ${id}, which has not started, follows that.`,
    )
    return run()
  }

  const missing = (): Ending => {
    const reason = `there is no app ${name} any more`
    log.error(`Deployment ${id} failed: ${reason}`)
    return { status: 'failure', reason, commit: null }
  }

  const begin = async (): Promise<void> => {
    hasLock = true
    if ((await note(journal.started(id))) === false) end(superseded)
  }

  /** A journal that can't be written doesn't stop what runs; that it ended must be stored, and is, once it can. */
  const note = async <T>(stored: Promise<T>): Promise<T | undefined> => {
    try {
      return await stored
    } catch (error) {
      log.warn(`Cannot note how far deployment ${id} is: ${words(error)}`)
      return undefined
    }
  }

  const conclude = async (outcome: Outcome<Deployed> | Ending): Promise<void> => {
    if (isHandedOver(outcome)) {
      log.warn(`Deployment ${id} of ${name} is not finished: the next start takes it up again.`)
      await storeWithNotes(() => journal.interrupted(id))
      return
    }
    if ('ctx' in outcome && (outcome.status !== 'cancelled' || ended !== superseded)) {
      logOutcome(name, outcome, log)
    }
    const ending =
      'ctx' in outcome ? { ...toEnding(outcome, { redact, ended, looked }), ...done(outcome) } : outcome
    const why = ending.reason === null ? '' : `: ${ending.reason}`
    const status = ended === superseded ? 'superseded' : ending.status
    as = ` as ${status}`
    own?.log.info(`Deployment ${id} of ${name} ended as ${status}${why}`)
    await storeWithNotes(() => journal.ended(id, ending))
    if ('ctx' in outcome) onEnd?.(claim, outcome)
  }

  /** What it set out to do, and what is there after it. */
  const done = ({ status, ctx }: Outcome<Deployed>): Pick<Ending, 'plan' | 'left'> => {
    if (!plan) return {}
    const containers = status === 'success' ? ctx.containers : left
    return { plan, ...(containers ? { left: containers } : {}) }
  }

  /** With the server the whole machine may go down, and its engine first: that is no failure of this deployment. */
  const isHandedOver = (outcome: Outcome<Deployed> | Ending): boolean => {
    if (!('error' in outcome)) return false
    if (outcome.status === 'cancelled') return ended === handedOver
    return leaving.signal.aborted && isDeployError(outcome.error, 'docker_unavailable')
  }

  /** What is noted only now comes before the end, in one commit with it. */
  const storeWithNotes = async (work: () => Promise<void>): Promise<void> => {
    await Promise.all([notes.flush(), store(work)])
  }

  const store = (work: () => Promise<void>): Promise<void> =>
    untilStored(work, {
      clock,
      giveUp: storing ? AbortSignal.any([leaving.signal, storing.signal]) : leaving.signal,
      ...(storing ? { within: storing.within } : {}),
      onFailure: (error) =>
        log.error(
          `Cannot record how deployment ${id} of ${name} ended, and try again ${storing ? `for ${storing.within / 1_000} s` : 'until it works'}: ${words(error)}`,
        ),
    })

  const work = async (): Promise<void> => {
    try {
      own?.log.info(describeClaim(claim))
      await conclude(await run().catch(unexpected))
    } catch (error) {
      const message = `Deployment ${id} of ${name} ended${as}, but that could not be recorded: ${words(error)}`
      log.error(message)
      const hint = 'Its process is done; whoever starts with this journal next takes it up again'
      onUnstored?.(new DeployError('journal_unavailable', message, { hint, cause: error }))
    } finally {
      own?.close()
    }
  }

  /** A bug, before or between the steps: it ends with that, rather than never. */
  const unexpected = (error: unknown): Ending => {
    log.error(`Deployment ${id} of ${name} failed: ${describeError(error)}`)
    return { status: 'failure', reason: redact(describeError(error)), commit: null }
  }

  return {
    app: name,
    done: work(),
    supersede: () => end(superseded),
    cancel: (reason = 'cancelled') => end(new DeployError('cancelled', reason)),
    handOver() {
      leaving.abort()
      stopping.stop()
    },
    handOverNow() {
      leaving.abort()
      end(handedOver)
    },
    reconsider() {
      if (!hasLock && !ended) controller.abort(anew)
    },
  }
}

/** The first line of its log. */
function describeClaim({ deployment: { id, app, attempt, reason, delivery }, push }: Claim): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : ''
  const asked = push.manual ? askedFor(push.manual) : push.ref
  const whose = delivery === null ? (reason ?? 'asked for by hand') : `delivery ${delivery}`
  return `Deployment ${id} of ${app}${again}: ${asked}, ${push.pusher}, ${whose}`
}

function askedFor({ ref = 'the followed branch', rollback }: ManualDeploy): string {
  if (rollback?.again) return 'once more what is deployed'
  return rollback ? `back to ${rollback.to ?? 'the release before'}` : ref
}

function words(error: unknown): string {
  return isDeployError(error) ? describeError(error) : String(error)
}

const superseded = new DeployError('cancelled', 'a newer push came before it started')
const handedOver = new DeployError('cancelled', 'the server stops')
const anew = new DeployError('cancelled', 'it starts anew')
