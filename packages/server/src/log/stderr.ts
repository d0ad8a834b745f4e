/** Writes a line to stderr; that nobody reads it any more must not end the server. */
export function writeToStderr(line: string): void {
  if (!process.stderr.listeners('error').includes(ignore)) process.stderr.on('error', ignore)
  process.stderr.write(`${line}\n`)
}

function ignore(): void {}
