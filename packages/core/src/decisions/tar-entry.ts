/** What the header of a file in a tar archive says. */
export interface TarEntry {
  /** Relative, with `/`. */
  readonly path: string
  readonly kind: 'file' | 'directory' | 'link'
  /** Its permission bits. */
  readonly mode: number
  /** Of a file, in bytes. */
  readonly size: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
  /** Where a symbolic link points. */
  readonly target?: string
}

/** The header of a tar entry that belongs to root, in the format of POSIX 1003.1-2001 (pax). */
export function tarHeader(entry: TarEntry): Buffer {
  const { path, kind, target = '' } = entry
  const name = kind === 'directory' ? `${path}/` : path
  const further = [
    ...(fits(name, 100) ? [] : [record('path', name)]),
    ...(fits(target, 100) ? [] : [record('linkpath', target)]),
    ...(entry.size < largest ? [] : [record('size', String(entry.size))]),
  ]
  const own = block({
    ...entry,
    name,
    target,
    type: types[kind],
    size: entry.size < largest ? entry.size : 0,
  })
  if (further.length === 0) return own
  const content = Buffer.concat(further)
  const header = { name: 'pax', target: '', type: 'x', mode: 0o644, size: content.length, modifiedAt: 0 }
  return Buffer.concat([block(header), content, tarPadding(content.length), own])
}

/** The zeros that fill up the last block of a file of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512)
}

/** Two empty blocks, with which an archive ends. */
export const tarEnd = Buffer.alloc(1024)

/** 11 octal digits. */
const largest = 8 * 1024 ** 3
const types = { file: '0', link: '2', directory: '5' } as const

interface Header extends Pick<TarEntry, 'mode' | 'size' | 'modifiedAt'> {
  readonly name: string
  readonly target: string
  readonly type: string
}

function block({ name, target, type, mode, size, modifiedAt }: Header): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, digits: number): void =>
    void header.write(Math.max(0, Math.floor(value)).toString(8).padStart(digits, '0'), at)
  header.set(Buffer.from(name).subarray(0, 100), 0)
  octal(mode, 100, 7)
  octal(0, 108, 7)
  octal(0, 116, 7)
  octal(size, 124, 11)
  octal(modifiedAt, 136, 11)
  header.fill(' ', 148, 156)
  header.write(type, 156)
  header.set(Buffer.from(target).subarray(0, 100), 157)
  header.write('ustar\u000000', 257)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  header.write('\0 ', 154)
  return header
}

function fits(text: string, bytes: number): boolean {
  return Buffer.byteLength(text) <= bytes
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}
