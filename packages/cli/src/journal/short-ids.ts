/** How ids are shown: as short as they can be told apart among these. */
export function shortIds(ids: readonly string[]): (id: string) => string {
  const unique = [...new Set(ids)]
  const longest = Math.max(...unique.map((id) => id.length), shortest)
  let length = shortest
  while (length < longest && new Set(unique.map((id) => part(id, length))).size < unique.length) length += 1
  return (id) => part(id, length)
}

/** How one id is shown by itself. */
export function shortId(id: string): string {
  return part(id, shortest)
}

const shortest = 8

/** Its start; of one that begins with the time, as all of a day then look alike, its end. */
function part(id: string, length: number): string {
  return timeOrdered.test(id) ? id.slice(-length) : id.slice(0, length)
}

/** UUID version 7. */
const timeOrdered = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
