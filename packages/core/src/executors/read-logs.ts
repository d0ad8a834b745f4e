/** The lines in what the Engine sends for a container's logs: with a terminal as they are, else in frames. */
export function readLogs(sent: unknown, isTerminal: boolean): readonly string[] {
  // Without frames, a log that is one JSON value as a whole comes from dockerode parsed.
  const bytes = Buffer.isBuffer(sent) ? sent : Buffer.from(JSON.stringify(sent))
  const text = (isTerminal ? bytes : withoutFrames(bytes)).toString('utf8')
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Each frame has a header of 8 bytes, the last four its length (Engine API, "Attach to a container"). */
function withoutFrames(sent: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= sent.length;) {
    const end = at + 8 + sent.readUInt32BE(at + 4)
    parts.push(sent.subarray(at + 8, end))
    at = end
  }
  return Buffer.concat(parts)
}
