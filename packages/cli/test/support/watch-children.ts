import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../../../scripts/lib/run.ts'

/** A process that worked for Fairway. */
export interface Child {
  readonly args: readonly string[]
  /** All of it as `NAME=value`, one a line. */
  readonly environment: string
}

/** Sees every git and docker that is started by name, and whatever those start, as others on the machine would. */
export interface ChildWatch {
  /** To be put first in PATH. */
  readonly path: string
  /** Also looks at what this process has below it from now on. */
  readonly follow: (pid: number) => void
  stop(): Promise<readonly Child[]>
}

export async function watchChildren(directory: string): Promise<ChildWatch> {
  const path = join(directory, 'bin')
  const records = join(directory, 'records')
  await mkdir(path)
  await mkdir(records)
  for (const name of ['git', 'docker']) {
    const real = (await run('sh', ['-c', `command -v ${name}`])).trim()
    const record = `cat /proc/$$/cmdline > ${records}/$$.args\ncat /proc/$$/environ > ${records}/$$.environment\n`
    await writeFile(join(path, name), `#!/bin/sh\n${record}exec ${real} "$@"\n`)
    await chmod(join(path, name), 0o755)
  }
  const followed = new Set<number>()
  const found = new Map<string, Child>()
  // What they start themselves, such as git-remote-http, is not found by name: it is looked for.
  const timer = setInterval(() => look(followed, found), 15)
  return {
    path,
    follow: (pid) => void followed.add(pid),
    async stop() {
      clearInterval(timer)
      const recorded = (await readdir(records)).filter((name) => name.endsWith('.args'))
      const started = recorded.map(async (name) => {
        const base = join(records, name.slice(0, -'.args'.length))
        // Before them stand the shell and the script.
        const [, , ...args] = split(await readFile(`${base}.args`, 'utf8'))
        const program = split(await readFile(`${base}.args`, 'utf8'))[1] ?? ''
        const environment = split(await readFile(`${base}.environment`, 'utf8')).join('\n')
        return { args: [program.slice(program.lastIndexOf('/') + 1), ...args], environment }
      })
      return [...(await Promise.all(started)), ...found.values()]
    },
  }
}

function look(followed: ReadonlySet<number>, found: Map<string, Child>): void {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined
    if (parent !== undefined) parents.set(Number(name), parent)
  }
  const isBelow = (pid: number | undefined): boolean => {
    const parent = pid === undefined ? undefined : parents.get(pid)
    return parent !== undefined && (followed.has(parent) || isBelow(parent))
  }
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue
    const args = split(readNow(`/proc/${pid}/cmdline`))
    const [program = ''] = args
    const environment = split(readNow(`/proc/${pid}/environ`)).join('\n')
    // Between fork and exec a child still looks like the process that started it.
    if (program === '' || program === process.execPath) continue
    found.set(`${pid} ${args.join(' ')}`, { args: [program.slice(program.lastIndexOf('/') + 1), ...args.slice(1)], environment })
  }
}

function parentOf(pid: string): number | undefined {
  const fields = /^\d+ \(.*\) \S (\d+)/s.exec(readNow(`/proc/${pid}/stat`))
  return fields ? Number(fields[1]) : undefined
}

/** A process may have ended meanwhile. */
function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function split(text: string): readonly string[] {
  return text.split('\0').filter((part) => part !== '')
}
