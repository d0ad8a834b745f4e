/** A Compose file of so many levels of YAML aliases: ten times the values with each, from a few hundred bytes. */
export function aliasBomb(levels: number): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].slice(0, levels)
  const lines = names.map((name, index) => {
    const items = Array<string>(10).fill(index === 0 ? 'x' : `*${names[index - 1]}`)
    return `x-${name}: &${name} [${items.join(',')}]\n`
  })
  return `${lines.join('')}services: {web: {image: x, labels: *${names.at(-1)}}}\n`
}
