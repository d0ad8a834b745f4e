/** Whether a version such as `2.39.5` comes before another one; what follows the numbers doesn't count. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)]
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0))
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0)
}

function numbers(version: string): readonly number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)
}
