import { readdir, readFile, readlink } from 'node:fs/promises'

/** A TCP port of this machine that something listens on. */
export interface Listener {
  readonly port: number
  readonly inode: string
}

/** Who listens, as the kernel lists it; empty where there is no /proc. */
export async function listeners(): Promise<readonly Listener[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readOrNothing(`/proc/net/${name}`)))
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line): Listener[] => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
      const port = Number.parseInt(local.split(':').at(-1) ?? '', 16)
      return state === listening && !Number.isNaN(port) ? [{ port, inode }] : []
    }),
  )
}

/** TCP_LISTEN of the kernel. */
const listening = '0A'

/** `nginx (pid 12)`; undefined where this user may not see whose it is. */
export async function holderOf({ inode }: Listener): Promise<string | undefined> {
  const pids = (await list('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    for (const file of await list(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
      if (target !== `socket:[${inode}]`) continue
      return `${(await readOrNothing(`/proc/${pid}/comm`)).trim()} (pid ${pid})`
    }
  }
  return undefined
}

/** Processes end while one looks, and those of others are closed. */
async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

async function readOrNothing(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
