// Deploys against `git pull && docker compose up -d --build`, in turn, with real git and a real engine:
// `node --conditions=@fairway/source bench/deploys/main.ts [--rounds 7] [--services 1,3,12] [--work ...] [--json FILE]`;
// `--rounds 3,5,3`: one number for each size.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type Playground, playground } from '../../packages/core/test/support/repository.ts'
import type { Contestant } from './contestant.ts'
import { type BenchApp, fairwayContestant, startFairway } from './fairway.ts'
import {
  benchPorts,
  type Change,
  first,
  newConfiguration,
  newSource,
  nothingRelevant,
  projectFiles,
} from './project.ts'
import { judge, type Round, summarize, type Summary, toTable } from './report.ts'
import { scriptContestant } from './script.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    services: { type: 'string', default: '1,3,12' },
    work: { type: 'string', default: 'nothing relevant,one source,revert,configuration' },
    json: { type: 'string' },
  },
})

const sizes = values.services.split(',').map(Number)
const roundsOf = values.rounds.split(',').map(Number)
const summaries: Summary[] = []
for (const [index, size] of sizes.entries()) {
  const ground = playground()
  try {
    summaries.push(...(await measure(ground, size, roundsOf[index] ?? roundsOf.at(-1) ?? 1)))
  } finally {
    ground.remove()
  }
}
console.log(toTable(summaries))
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(summaries, null, 2)}\n`)
const missed = judge(summaries)
for (const miss of missed) console.error(miss)
process.exitCode = missed.length > 0 ? 1 : 0

async function measure(ground: Playground, size: number, times: number): Promise<readonly Summary[]> {
  const unique = `${size}x${process.pid}`
  const [script, server, command] = ['script', 'server', 'command'].map((name, index) => {
    const origin = ground.origin(`${name}-origin`)
    const firstPort = benchPorts + index * 100
    origin.commit(projectFiles(size, firstPort))
    return { name: `bench${name}${unique}`, origin, firstPort }
  }) as [BenchApp, BenchApp, BenchApp]
  const fairway = await startFairway(ground, [server, command])
  const contestants = [
    scriptContestant(ground, script.origin, script),
    fairwayContestant(ground, fairway, server, 'push'),
    fairwayContestant(ground, fairway, command, 'command line'),
  ]
  try {
    for (const contestant of contestants) await contestant.deploy({ files: {} })
    const found: Summary[] = []
    for (const work of values.work.split(','))
      found.push(...summarize(size, work, await compare(work, contestants, size, times)))
    return found
  } finally {
    for (const contestant of contestants) await contestant.end()
    await fairway.end()
  }
}

async function compare(
  work: string,
  all: readonly Contestant[],
  size: number,
  times: number,
): Promise<readonly Round[]> {
  // A command takes as long to start whatever it starts: told once.
  const contestants = work === 'nothing relevant' ? all : all.filter(({ name }) => name !== 'command line')
  const rounds: Round[] = []
  for (let round = 0; round < times; round++) {
    const turns: Record<string, number> = {}
    // The order turns, so that nobody always comes after the same one.
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(round + turn) % contestants.length]
      if (contestant) turns[contestant.name] = await takeTurn(work, contestant, size)
    }
    rounds.push({ script: turns['script'] ?? Number.NaN, ...turns })
    console.error(`${size} services, ${work}, round ${round + 1}: ${JSON.stringify(turns)}`)
  }
  return rounds
}

async function takeTurn(work: string, contestant: Contestant, size: number): Promise<number> {
  const { origin, firstPort } = contestant
  const deploy = (change: Change): Promise<number> => {
    origin.commit(change.files)
    return contestant.deploy(change)
  }
  switch (work) {
    case 'nothing relevant':
      return deploy(nothingRelevant())
    case 'one source':
      return deploy(newSource())
    case 'configuration':
      return deploy(newConfiguration(size, firstPort))
    case 'revert': {
      const before = origin.git('show', `main:${first}/index.html`)
      await deploy(newSource())
      return deploy(newSource(before))
    }
    default:
      throw new Error(`There is no work called ${work}`)
  }
}
