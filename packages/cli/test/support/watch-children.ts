import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { run } from '../../../../scripts/lib/run.ts'

/** A process that worked for Fairway. */
interface Child {
  readonly args: readonly string[]
  /** Who needs it: Compose starts git and others itself, with what it read. */
  readonly for: 'git' | 'docker'
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
    const record = ['$$/cmdline', '$$/environ', '$PPID/cmdline']
      .map((source) => `cat /proc/${source} > ${records}/$$.${source.replaceAll(/\W/g, '')}\n`)
      .join('')
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
      const recorded = (await readdir(records)).filter((name) => name.endsWith('.environ'))
      const started = recorded.map(async (name): Promise<Child> => {
        const read = async (part: string): Promise<readonly string[]> =>
          split(await readFile(join(records, `${name.slice(0, name.indexOf('.'))}.${part}`), 'utf8'))
        const line = await read('cmdline')
        const environment = (await read('environ')).join('\n')
        // Before the program stands the shell that is the wrapper.
        return { args: line.slice(1), for: judge(line, await read('PPIDcmdline')), environment }
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
  const above = (pid: number): readonly number[] => {
    const parent = parents.get(pid)
    return parent === undefined ? [] : [parent, ...above(parent)]
  }
  for (const pid of parents.keys()) {
    const ancestors = above(pid)
    if (!ancestors.some((ancestor) => followed.has(ancestor))) continue
    const args = commandLine(pid)
    // Between fork and exec a child still looks like the process that started it.
    if (args.length === 0 || args[0] === process.execPath) continue
    const environment = split(readNow(`/proc/${pid}/environ`)).join('\n')
    const child = { args, for: judge(args, ...ancestors.map(commandLine)), environment }
    found.set(`${pid} ${args.join(' ')}`, child)
  }
}

function commandLine(pid: number): readonly string[] {
  return split(readNow(`/proc/${pid}/cmdline`))
}

/** By the program's name, or that of the script that a shell runs. */
function judge(...commandLines: readonly (readonly string[])[]): Child['for'] {
  const names = commandLines.flatMap(([program = '', script = '']) =>
    basename(program) === 'sh' ? basename(script) : basename(program),
  )
  return names.some((name) => name.startsWith('docker')) ? 'docker' : 'git'
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
