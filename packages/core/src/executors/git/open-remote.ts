import { shellWord } from '../../shell-word.ts'
import { DeployError, isDeployError } from '../../errors.ts'
import type { Call } from '../../run.ts'
import { cleanText } from '../../text.ts'
import type { Clock } from '../clock.ts'
import type { Checkout } from '../git.ts'
import { parseAddress, withoutLogin } from './address.ts'
import type { RunGit } from './command.ts'
import type { ReadGit } from './reads.ts'
import { describePlace, type Place } from './place.ts'
import { decideRedirect, readLocation, type Redirect } from './redirect.ts'
import { remoteError, withoutLogins } from './remote-error.ts'
import { findTarget, resolveTarget, type Target } from './remote-target.ts'
import { sshSettings } from './ssh.ts'
import { allowedProtocols } from './url.ts'

/** A remote that one operation talks to, within one deadline. */
export interface Remote {
  /** Runs `git ...args REMOTE ...refs` and gives its standard output. */
  readonly ask: (command: RemoteCommand) => Promise<string>
}

interface RemoteCommand {
  readonly args: readonly string[]
  readonly refs: readonly string[]
  /** Whether what git says goes to the run's output as it comes. */
  readonly live?: boolean
  /** What this does, for the error: `Cannot fetch refs/heads/main into /srv/shop`. */
  readonly doing: string
}

type Answer = { readonly stdout: string } | { readonly said: readonly string[]; readonly error: DeployError }

interface Tools {
  readonly run: RunGit
  readonly read: ReadGit
  readonly clock: Clock
}

const maxHops = 3
/** Lines of git's kept to tell what went wrong. */
const maxSaid = 500

/** The checkout's remote, once it is sure that git would run no other program for it and show no password. */
export async function openRemote(
  checkout: Checkout,
  { run, read, clock }: Tools,
  call: Call = {},
): Promise<Remote> {
  const { path, timeout } = checkout
  const deadline = clock.monotonic() + timeout
  let target = await findTarget(checkout, read, call)
  const placeOf = ({ url }: Target): Place => describePlace(url, path)

  const attempt = async (
    command: RemoteCommand,
    trace: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const { args, refs, doing, live = false } = command
    const { settings, variables } = await guard(target, path, read, call)
    const said: string[] = []
    const output = (line: string): void => {
      said.push(line)
      if (said.length > maxSaid) said.shift()
      if (live) call.output?.(withoutLogins(line))
    }
    try {
      const { stdout } = await run(
        {
          path,
          args: [...settings, ...args, '--end-of-options', target.name, ...refs],
          variables: { ...variables, ...trace },
          timeout: Math.max(deadline - clock.monotonic(), 1),
          live: 'stderr',
          doing,
        },
        { ...call, output },
      )
      return { stdout }
    } catch (error) {
      if (isDeployError(error, 'timeout')) throw late(doing, placeOf(target), timeout)
      if (!isDeployError(error, 'git_failed')) throw error
      return { said, error }
    }
  }

  const follow = async (doing: string): Promise<void> => {
    const probe = { args: ['ls-remote'], refs: ['HEAD'], doing }
    const answer = await attempt(probe, { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' })
    const location = 'said' in answer ? readLocation(answer.said) : undefined
    // It answers now, or differently: what was asked first is simply asked again.
    if (location === undefined) return
    const redirect = decideRedirect(target.url, location)
    if ('refuse' in redirect) throw sentAway(doing, placeOf(target), redirect, checkout)
    call.output?.(
      `${withoutLogin(target.url)} has moved to ${withoutLogin(redirect.follow)}; ${newAddress(redirect.follow, checkout)}`,
    )
    target = await resolveTarget(redirect.follow, path, read, call)
  }

  return {
    async ask(command) {
      for (let hop = 0; ; hop += 1) {
        const answer = await attempt(command)
        if ('stdout' in answer) return answer.stdout
        const { said, error } = answer
        const isRedirect = said.some((line) => /returned error: 30[12378]$/.test(line))
        if (!isRedirect) throw remoteError(command.doing, said, placeOf(target)) ?? error
        if (hop === maxHops) throw astray(command.doing, placeOf(target))
        await follow(command.doing)
      }
    },
  }
}

/** The second wall: git itself refuses other transports, follows no redirect and fetches no submodule. */
async function guard(
  { url }: Target,
  path: string,
  read: ReadGit,
  call: Call,
): Promise<{ settings: readonly string[]; variables: Readonly<Record<string, string>> }> {
  const { transport } = parseAddress(url)
  return {
    settings: transport === 'ssh' ? await sshSettings(path, read, call) : [],
    variables: {
      GIT_ALLOW_PROTOCOL: allowedProtocols,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.followRedirects',
      GIT_CONFIG_VALUE_0: 'false',
      // A setting for this very address would win over the general one.
      GIT_CONFIG_KEY_1: `http.${url}.followRedirects`,
      GIT_CONFIG_VALUE_1: 'false',
    },
  }
}

function late(doing: string, { host }: Place, timeout: number): DeployError {
  const seconds = Math.round(timeout / 100) / 10
  return new DeployError(
    'timeout',
    `${doing}: the remote did not answer within ${seconds} s; the command was stopped`,
    {
      hint: `Check that ${host} answers; where a large repository or a slow line needs longer, raise \`timeouts.git\` of the app`,
    },
  )
}

function sentAway(
  doing: string,
  { host }: Place,
  { refuse, because }: Extract<Redirect, { because: string }>,
  checkout: Checkout,
): DeployError {
  const shown = cleanText(withoutLogin(refuse), 1_000)
  return new DeployError(
    'remote_denied',
    `${doing}: ${host} sends on to ${shown}, which is not followed: ${because}`,
    { hint: `If that is where the repository is now, ${newAddress(refuse, checkout)}` },
  )
}

function astray(doing: string, { host }: Place): DeployError {
  return new DeployError('remote_denied', `${doing}: ${host} sent on more than ${maxHops} times`, {
    hint: 'Set the address where the repository is now',
  })
}

/** What the remote says where it is now; text of somebody else, so no command is made of what a shell or a person may misread. */
function newAddress(url: string, checkout: Checkout): string {
  const shown = withoutLogin(url)
  if (!/^https?:\/\/[\w.:[\]-]+\/[\w./~@+%-]*$/.test(shown) || shown.length > 1_000) {
    return 'look up the address where the repository is now, and set it'
  }
  return checkout.url === undefined
    ? `set the new address: git -C ${shellWord(checkout.path)} remote set-url origin ${shown}`
    : `set \`url\` of the app to ${shown}`
}
