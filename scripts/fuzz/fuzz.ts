import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { listen } from '../../packages/server/src/http/listen.ts'
import { type Answer, checkAnswer, checkLine } from './check.ts'
import type { Input } from './input.ts'
import { makeInput } from './inputs.ts'
import { random } from './random.ts'
import { throwAtApp, throwAtSocket } from './throwers.ts'
import { makeWorld } from './world.ts'

export interface FuzzOptions {
  readonly seed: number
  readonly inputs: number
  /** The input of this index alone. */
  readonly only?: number
}

export interface Figures {
  /** How many inputs of each kind, and how many were answered with each status. */
  readonly kinds: ReadonlyMap<string, number>
  readonly statuses: ReadonlyMap<string, number>
  /** What went wrong, with the index of the input. */
  readonly failures: readonly string[]
  readonly children: number
  readonly deployCalls: number
  readonly logLines: number
  readonly seconds: number
  /** MiB of live objects when it began and at the end, with garbage collected. */
  readonly heap: { readonly before: number; readonly after: number }
  /** MiB when it began, once warm, at most, and at the end. */
  readonly rss: {
    readonly before: number
    readonly warm: number
    readonly most: number
    readonly after: number
  }
}

// Given to contexts that are made after the flag, without a flag on the command line.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Of ten inputs one goes to a real socket. */
const socketShare = 10

/** Throws seeded inputs at a server, and counts what comes of it. */
export async function fuzz({ seed, inputs, only }: FuzzOptions): Promise<Figures> {
  const failures: string[] = []
  const kinds = new Map<string, number>()
  const statuses = new Map<string, number>()
  let logLines = 0
  let children = 0
  const onChild = (): void => void (children += 1)
  const onRejection = (reason: unknown): void => void failures.push(`unhandled: ${String(reason)}`)
  subscribe('child_process', onChild)
  process.on('unhandledRejection', onRejection)

  const world = makeWorld((line) => {
    logLines += 1
    failures.push(...checkLine(line))
  })
  const listening = await listen(world.server, { host: '127.0.0.1', port: 0 })
  const began = performance.now()
  const heapBefore = heap()
  const before = rss()
  const memory = { before, warm: before, most: before, after: before }

  const one = async (index: number): Promise<void> => {
    const chance = random(seed, index)
    const input = makeInput(chance)
    const toSocket = index % socketShare === 0
    const kind = `${toSocket ? 'socket' : 'app'}: ${input.kind}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    const answer = toSocket
      ? await throwAtSocket(listening.url, input, chance)
      : await throwAtApp(world.server, input, chance)
    const status = String(answer?.status ?? 'closed')
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    failures.push(...judge(answer, input, toSocket).map((what) => `input ${index} (${kind}): ${what}`))
  }

  const indexes = only === undefined ? Array.from({ length: inputs }, (_, index) => index) : [only]
  for (let start = 0; start < indexes.length; start += together) {
    await Promise.all(indexes.slice(start, start + together).map(one))
    memory.most = Math.max(memory.most, rss())
    if (start < inputs / 10) memory.warm = memory.most
  }
  memory.after = rss()
  await listening.close(0)
  await world.server.close()
  unsubscribe('child_process', onChild)
  process.off('unhandledRejection', onRejection)
  const seconds = (performance.now() - began) / 1000
  return {
    kinds,
    statuses,
    failures,
    children,
    deployCalls: world.calls(),
    logLines,
    seconds,
    heap: { before: heapBefore, after: heap() },
    rss: memory,
  }
}

const together = 50

function judge(answer: Answer | undefined, input: Input, toSocket: boolean): readonly string[] {
  if (!answer) return toSocket ? [] : ['no answer']
  // Of what came mangled, only its head says which method it was: a body may rightly be missing.
  const isMissing = toSocket && answer.body === ''
  return checkAnswer(answer, isMissing ? { ...input, method: 'HEAD' } : input)
}

function heap(): number {
  collectGarbage()
  return Math.round(process.memoryUsage().heapUsed / 1024 ** 2)
}

function rss(): number {
  return Math.round(process.memoryUsage.rss() / 1024 ** 2)
}
