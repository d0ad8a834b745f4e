/** What BuildKit tells while it builds, as far as people want to read it. */
export interface BuildStatus {
  readonly steps: readonly BuildStep[]
  readonly logs: readonly BuildLog[]
}

/** A step of a build as it is now. */
interface BuildStep {
  readonly digest: string
  readonly name: string
  readonly cached: boolean
  readonly started: boolean
}

/** What a step's command wrote, not always whole lines. */
export interface BuildLog {
  readonly step: string
  /** 1: standard output, 2: standard error. */
  readonly stream: number
  readonly bytes: Buffer
}

/** Reads the protocol buffer of a `moby.buildkit.trace` message (moby.buildkit.v1.StatusResponse); throws where it is none. */
export function readBuildStatus(base64: string): BuildStatus {
  const fields = readFields(Buffer.from(base64, 'base64'))
  return {
    steps: messages(fields, 1).map((step) => ({
      digest: text(step, 1),
      name: text(step, 3),
      cached: numbers(step, 4)[0] === 1,
      started: messages(step, 5).length > 0,
    })),
    logs: messages(fields, 3).map((log) => ({
      step: text(log, 1),
      stream: numbers(log, 3)[0] ?? 1,
      bytes: bytes(log, 4)[0] ?? Buffer.alloc(0),
    })),
  }
}

/** A field's number, and its value: a number, or the bytes of a text or of another message. */
type Field = readonly [number: number, value: number | Buffer]

function readFields(buffer: Buffer): readonly Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = buffer[at++]
      if (byte === undefined) throw new Error('A message of BuildKit ends in the middle')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const take = (length: number): Buffer => {
    if (at + length > buffer.length) throw new Error('A message of BuildKit ends in the middle')
    return buffer.subarray(at, (at += length))
  }
  while (at < buffer.length) {
    const key = varint()
    const kind = key % 8
    if (kind !== 0 && kind !== 1 && kind !== 2 && kind !== 5) throw new Error('No message of BuildKit')
    const value = kind === 0 ? varint() : take(kind === 2 ? varint() : kind === 1 ? 8 : 4)
    fields.push([Math.floor(key / 8), value])
  }
  return fields
}

function bytes(fields: readonly Field[], number: number): readonly Buffer[] {
  return fields.flatMap(([field, value]) => (field === number && Buffer.isBuffer(value) ? [value] : []))
}

function numbers(fields: readonly Field[], number: number): readonly number[] {
  return fields.flatMap(([field, value]) => (field === number && typeof value === 'number' ? [value] : []))
}

function messages(fields: readonly Field[], number: number): readonly (readonly Field[])[] {
  return bytes(fields, number).map((buffer) => readFields(buffer))
}

function text(fields: readonly Field[], number: number): string {
  return bytes(fields, number)[0]?.toString('utf8') ?? ''
}
