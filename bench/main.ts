// All benches: `pnpm bench` in some minutes, `pnpm bench --full` in a quarter of an hour, as docs/performance.md has it, which that then
// also writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runCommand } from '@fairway/core'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    /** Names of those that are to run, with commas. */
    only: { type: 'string', default: 'deploys,own-time,front-door,growth' },
    /** Write the tables into docs/performance.md; default: with --full. */
    write: { type: 'boolean' },
    json: { type: 'string' },
  },
})

interface Bench {
  readonly name: string
  readonly title: string
  readonly file: string
  readonly short: readonly string[]
  readonly full: readonly string[]
}

const benches: readonly Bench[] = [
  {
    name: 'deploys',
    title: 'Deploys',
    file: 'deploys/main.ts',
    short: ['--rounds', '3', '--services', '1,3'],
    full: ['--rounds', '3,7,3', '--services', '1,3,12'],
  },
  {
    name: 'own-time',
    title: "Fairway's own time in a deploy",
    file: 'deploys/own-time.ts',
    short: ['--rounds', '3', '--services', '3'],
    full: ['--rounds', '5', '--services', '3,12'],
  },
  {
    name: 'front-door',
    title: 'Front door',
    file: 'front-door/main.ts',
    short: ['--pairs', '3', '--warm', '4', '--connections', '64'],
    full: [],
  },
  {
    name: 'growth',
    title: 'Growth',
    file: 'growth/main.ts',
    short: ['--rounds', '3'],
    full: ['--full', '--rounds', '5'],
  },
]

const root = fileURLToPath(new URL('..', import.meta.url))
const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->']

const folder = await mkdtemp(join(tmpdir(), 'fairway-figures-'))
try {
  // What is measured is what users run.
  await run('tsc', ['-b', 'packages/core', 'packages/server', 'packages/cli'])
  await run(process.execPath, ['--conditions=@fairway/source', 'scripts/bundle/main.ts'])
  const wanted = values.only.split(',')
  const sections: string[] = []
  const results: Record<string, unknown> = {}
  for (const { name, title, file, short, full } of benches.filter((bench) => wanted.includes(bench.name))) {
    console.error(`${title} …`)
    const json = join(folder, `${name}.json`)
    const script = fileURLToPath(new URL(file, import.meta.url))
    const options = [...(values.full ? full : short), '--json', json]
    const { stdout, missed } = await run(process.execPath, [
      '--conditions=@fairway/source',
      script,
      ...options,
    ])
    const tables = stdout.split('\n').filter((line) => line.startsWith('|') || line === '')
    const misses = missed.map((miss) => `- Missed: ${miss}`)
    sections.push(
      [`### ${title}`, '', tables.join('\n').trim(), ...(misses.length > 0 ? ['', ...misses] : [])].join(
        '\n',
      ),
    )
    results[name] = JSON.parse(await readFile(json, 'utf8'))
    console.log(`${sections.at(-1)}\n`)
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)
  if (values.write ?? values.full) {
    const file = join(root, 'docs/performance.md')
    await writeInto(file, sections.join('\n\n'))
    await run('oxfmt', [file])
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** A bench that has missed a goal ends with 1, and its last words say which. */
async function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly missed: readonly string[] }> {
  const { exitCode, stdout, stderr, lastLines } = await runCommand(
    { command, args, directory: root, environment: process.env, live: 'stderr' },
    { output: (line) => console.error(line) },
  )
  const missed = exitCode === 0 ? [] : stderr.split('\n').filter((line) => line.includes(' wanted'))
  // It measured nothing: the words of a failure are no miss.
  if (exitCode !== 0 && missed.length === 0) {
    throw new Error(`${args.at(1) ?? command} failed:\n${lastLines.join('\n')}`)
  }
  return { stdout, missed }
}

async function writeInto(file: string, tables: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before === -1 || after === -1) throw new Error(`${file} has no place for what was measured`)
  await writeFile(file, `${text.slice(0, before + begin.length)}\n\n${tables}\n\n${text.slice(after)}`)
}
