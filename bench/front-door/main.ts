// Accepting durably against node:http that only verifies and parses, in turn:
// `node --conditions=@fairway/source bench/front-door/main.ts [--pairs 7] [--seconds 2] [--warm 12] [--connections 64,16] [--json FILE]`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repository, secret } from './deliveries.ts'
import { judge, type Pair, summarize, toTable } from './report.ts'
import { startLoad, startMeasured } from './processes.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    /** Seconds that each has before the first pair: what V8 compiles in a server's first seconds is not what a delivery costs. */
    warm: { type: 'string', default: '12' },
    connections: { type: 'string', default: '64,16' },
    json: { type: 'string' },
    /** Node's options for the server that is measured, such as `--cpu-prof`. */
    node: { type: 'string', multiple: true, default: [] },
  },
})

const folder = await mkdtemp(join(tmpdir(), 'fairway-bench-'))
const file = join(folder, 'fairway.yaml')
await writeFile(file, configuration())
const options = { log: join(folder, 'server.log'), directory: folder }
const bare = await startMeasured('bare.ts', [], options)
const fairway = await startMeasured('fairway.ts', [file], { ...options, nodeOptions: values.node })
const load = startLoad()
try {
  const measured = Number(values.seconds) * 1000
  const warming = { connections: 64, warmUp: 0, measured: Number(values.warm) * 1000 }
  for (const server of [bare, fairway]) await load.run(server, warming)
  const summaries = []
  for (const connections of values.connections.split(',').map(Number)) {
    const pairs: Pair[] = []
    for (let i = 0; i < Number(values.pairs); i++) {
      const order = { connections, warmUp: 500, measured }
      pairs.push({ bare: await load.run(bare, order), fairway: await load.run(fairway, order) })
    }
    summaries.push(summarize(connections, pairs))
  }
  console.log(toTable(summaries))
  console.log(JSON.stringify(summaries))
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(summaries, null, 2)}\n`)
  const missed = judge(summaries)
  for (const miss of missed) console.error(miss)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  load.end()
  await Promise.all([bare.end(), fairway.end()])
  await rm(folder, { recursive: true, force: true })
}

function configuration(): string {
  return `server:
  port: 0
  dataDir: data
  logFile: null
  logFormat: json
  concurrency: 1
webhook:
  secrets: ['${secret}']
apps:
  busy:
    repository: acme/busy
    branch: main
    path: /busy
  shop:
    repository: ${repository}
    branch: main
    path: /checkout
`
}
