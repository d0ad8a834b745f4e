import type { Asked } from '../decisions/judge-probe.ts'
import { parseProbe } from '../decisions/parse-probe.ts'
import { probeQuestions } from '../decisions/probe-questions.ts'
import { DeployError } from '../errors.ts'
import type { Compose } from '../executors/compose.ts'
import type { Files } from '../executors/files.ts'
import type { Probe, ProbeQuestion } from '../executors/probe.ts'
import { ownContainerId } from '../project/own-container-id.ts'
import type { Run } from '../run.ts'
import type { AskReplicas } from './until-healthy.ts'

export interface ProbeRoundsOptions {
  readonly probe: Probe
  readonly files: Files
  readonly compose: Pick<Compose, 'engine'> | undefined
}

/** What asks all containers of a probed service once, each at its addresses until one of them answers. */
export async function probeRounds(
  url: string,
  { probe, files, compose }: ProbeRoundsOptions,
  run: Run,
): Promise<AskReplicas> {
  const target = parseProbe(url)
  if (!target) {
    throw new DeployError('not_found', `Cannot ask ${url}: it is no address of a service`, {
      hint: 'Write http://SERVICE:PORT/path or tcp://SERVICE:PORT',
    })
  }
  const engine = (await compose?.engine(run)) ?? 'unix://'
  const isContained = (await ownContainerId(files)) !== undefined
  return {
    target,
    ask: (containers) =>
      Promise.all(
        containers
          .filter(({ service, state }) => service === target.service && state === 'running')
          .map(async (container) => {
            const questions = probeQuestions({ target, container, engine, isContained })
            return { container, answers: await askInTurn(questions, probe, run) }
          }),
      ),
  }
}

async function askInTurn(
  questions: readonly ProbeQuestion[],
  probe: Probe,
  run: Run,
): Promise<Asked['answers']> {
  const answers: Asked['answers'][number][] = []
  for (const question of questions) {
    const answer = await probe.ask(question, run)
    answers.push({ question, answer })
    if (answer.ok) break
  }
  return answers
}
