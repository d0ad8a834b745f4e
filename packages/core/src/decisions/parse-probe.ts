/** What must answer before a deploy counts as a success, taken apart. */
export interface ProbeTarget {
  /** As it is written. */
  readonly url: string
  readonly protocol: 'http' | 'tcp'
  readonly service: string
  readonly port: number
  /** With the query; empty for tcp. */
  readonly path: string
}

/** Takes `http://SERVICE:PORT/path` or `tcp://SERVICE:PORT` apart; undefined where it is neither. */
export function parseProbe(url: string): ProbeTarget | undefined {
  // Not by `URL`, which makes a host lower case and takes a number for an address: a service is called as it is called.
  const [, protocol, service = '', port, path = ''] =
    /^(http|tcp):\/\/([A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?(\/[!-"$-~]*)?$/.exec(url) ?? []
  const number = Number(port ?? 80)
  if (number < 1 || number > 65_535) return undefined
  if (protocol === 'http') return { url, protocol, service, port: number, path: path === '' ? '/' : path }
  if (protocol === 'tcp' && port !== undefined && path === '') {
    return { url, protocol, service, port: number, path }
  }
  return undefined
}
