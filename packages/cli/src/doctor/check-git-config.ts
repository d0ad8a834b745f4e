import { shellWord, type App, cleanText, type Environment, runCommand } from '@fairway/core'
import { type Finding, warning } from './finding.ts'

/** Keys that make git run a program, or go somewhere else than origin says. */
const suspicious =
  /^(core\.(fsmonitor|hookspath|sshcommand|gitproxy|pager|editor|askpass|worktree)|filter\..*|include(if)?\..*|url\..*|remote\..*\.(uploadpack|receivepack|vcs|proxy)|protocol\..*|credential\..*helper|diff\..*\.(command|textconv)|merge\..*\.driver|alias\..*|gpg\..*program|http\..*(proxy|sslverify|extraheader))$/i

/** What a checkout's own configuration has that a clone doesn't bring. */
export async function checkGitConfig(
  { path }: Pick<App, 'path'>,
  check: string,
  { PATH, HOME }: Environment,
): Promise<readonly Finding[]> {
  const { stdout } = await runCommand({
    command: 'git',
    args: ['config', '--local', '--list', '--name-only', '-z'],
    directory: path,
    environment: { PATH, HOME },
    timeout: 10_000,
  })
  const keys = new Set(
    stdout.split('\0').filter((key) => suspicious.test(key) && !key.startsWith('filter.lfs.')),
  )
  return [...keys].map((key) => {
    const masked = key.replaceAll(/:\/\/[^/\s]*@/g, '://***@')
    return warning(
      check,
      `${path}/.git/config sets ${cleanText(masked)}, which can run a program or change where git goes`,
      // A key may hold a password, which has no place in a command line.
      masked === key
        ? `git -C ${shellWord(path)} config --local --unset-all ${shellWord(key)}`
        : `git -C ${shellWord(path)} config --local --edit, and take it out`,
    )
  })
}
