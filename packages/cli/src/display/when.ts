/** A time of the journal as this machine's clock shows it: `2026-01-31 12:04`. */
export function localTime(time: string): string {
  const date = new Date(time)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** How long ago that was: `3 min ago`. */
export function ago(time: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(time)) / 1000)
  const [size, unit] = units.find(([least]) => seconds >= least) ?? [0, '']
  // A clock that was set back puts times into the future.
  return size === 0 ? 'just now' : `${Math.floor(seconds / size)} ${unit} ago`
}

const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** From one time to another: `12 s`, `3 min 5 s`. */
export function lasted(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
