import { appendFile, readFile, writeFile } from 'node:fs/promises'
import type { TrialResult } from './trial.ts'

/** What came out of trials, one a line, so that a run that was broken off can be taken up again. */
export interface Results {
  readonly all: () => readonly TrialResult[]
  readonly has: (trial: number) => boolean
  add(result: TrialResult): Promise<void>
}

/** Those of a file and seed, and those to come; without a file they are only kept in memory. */
export async function openResults(seed: number, file?: string): Promise<Results> {
  const known = new Map<number, TrialResult>()
  for (const result of file === undefined ? [] : await read(file)) {
    if (result.plan.seed === seed) known.set(result.plan.trial, result)
  }
  return {
    all: () => [...known.values()],
    has: (trial) => known.has(trial),
    async add(result) {
      known.set(result.plan.trial, result)
      if (file !== undefined) await appendFile(file, `${JSON.stringify(result)}\n`)
    },
  }
}

/** The seed that a file was begun with. */
export async function seedOf(file: string): Promise<number | undefined> {
  return (await read(file))[0]?.plan.seed
}

async function read(file: string): Promise<readonly TrialResult[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  // A last line without an end was being written when the run was broken off; what is appended must not continue it.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) await writeFile(file, whole)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TrialResult)
}
