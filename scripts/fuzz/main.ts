// Throws seeded inputs at a server: `pnpm test:fuzz [--seed N] [--inputs N] [--only INDEX]`.
import { parseArgs } from 'node:util'
import { type Figures, fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    inputs: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const inputs = Number(values.inputs)
console.log(
  `${inputs} inputs, seed ${seed} (--seed ${seed} throws the same ones again, --only INDEX one of them)`,
)
const figures = await fuzz({
  seed,
  inputs,
  ...(values.only === undefined ? {} : { only: Number(values.only) }),
})
report(figures)
const mistakes = judge(figures)
for (const mistake of mistakes) console.error(mistake)
process.exitCode = mistakes.length > 0 ? 1 : 0

function report({ kinds, statuses, children, deployCalls, logLines, seconds, heap, rss }: Figures): void {
  for (const [title, counted] of [
    ['Inputs', kinds],
    ['Answers', statuses],
  ] as const) {
    console.log(`\n${title}`)
    for (const [name, count] of [...counted].toSorted(([one], [other]) => one.localeCompare(other)))
      console.log(`  ${String(count).padStart(7)}  ${name}`)
  }
  console.log(
    `\n${seconds.toFixed(1)} s, ${children} child processes, ${deployCalls} calls of doubles, ${logLines} lines of log`,
  )
  console.log(`Heap: ${heap.before} MiB before, ${heap.after} after`)
  console.log(`RSS: ${rss.before} MiB before, ${rss.warm} warm, ${rss.most} at most, ${rss.after} after`)
}

/** What must not be, in words. */
function judge({ failures, children, heap, rss }: Figures): readonly string[] {
  return [
    ...failures.slice(0, 50),
    ...(failures.length > 50 ? [`and ${failures.length - 50} more`] : []),
    ...(children > 0 ? [`${children} child processes were started`] : []),
    ...(heap.after - heap.before > 50 ? [`the heap grew by ${heap.after - heap.before} MiB`] : []),
    ...(rss.most - rss.before > 500 ? [`memory grew by ${rss.most - rss.before} MiB`] : []),
  ]
}
