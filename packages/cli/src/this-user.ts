import { userInfo } from 'node:os'

/** Who runs this command. */
export function thisUser(): string {
  try {
    return userInfo().username
  } catch {
    // A user without a name, as in containers that are given a number.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
