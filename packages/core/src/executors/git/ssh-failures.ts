import { shellWord } from '../../shell-word.ts'
import type { Failure } from './failure.ts'
import type { Place } from './place.ts'

const tryIt = ({ ssh }: Place): string => `See what ssh says, as the user that Fairway runs as: ssh -T${ssh}`

/** What ssh says, and git hosts over it. */
export const sshFailures: readonly Failure[] = [
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'remote_denied',
    text: ({ host }) => `the ssh host key of ${host} is not the known one`,
    hint: ({ knownHost, keyscan }) =>
      `Unless ${knownHost} is known to have a new key, somebody may stand in between. Compare ssh-keyscan${keyscan} | ssh-keygen -lf - with what the host publishes, then: ssh-keygen -R '${knownHost}' && ssh-keyscan${keyscan} >> ~/.ssh/known_hosts`,
  },
  {
    when: /Host key verification failed/,
    code: 'remote_denied',
    text: ({ host }) => `the ssh host key of ${host} is not known here`,
    hint: ({ keyscan }) =>
      `As the user that Fairway runs as: ssh-keyscan${keyscan} >> ~/.ssh/known_hosts, after comparing ssh-keyscan${keyscan} | ssh-keygen -lf - with what the host publishes`,
  },
  {
    when: /Permission denied \(|Too many authentication failures|Permission to .* denied/,
    code: 'remote_denied',
    text: ({ host }) => `${host} accepted none of the ssh keys it was offered`,
    hint: (place) =>
      `Add the public key (~/.ssh/id_ed25519.pub; ssh-keygen -t ed25519 makes one) to the host as a deploy key. ${tryIt(place)}`,
  },
  {
    when: /Unable to negotiate with .*: (no matching [^.\n]*)/,
    code: 'remote_denied',
    text: ({ host }, [, said]) => `ssh and ${host} can't agree (${said})`,
    hint: tryIt,
  },
  {
    when: /cannot run ssh: No such file/,
    code: 'git_failed',
    text: () => 'ssh is not installed',
    hint: () => 'Install it: apt-get install openssh-client',
  },
  {
    when: /Repository not found|project you were looking for could not be found|may not have access to this/i,
    code: 'remote_not_found',
    text: ({ host, url }) => `${host} has no repository at ${url}`,
    hint: ({ url, checkout }) =>
      `Check the address ${url} (\`url\` of the app, else git -C ${shellWord(checkout)} remote get-url origin), and that the ssh key may read the repository`,
  },
  {
    when: /Could not resolve hostname/,
    code: 'remote_unreachable',
    text: ({ name }) => `the name ${name} can't be resolved`,
    hint: ({ name }) => `Check the address and this machine's DNS: getent hosts ${name}`,
  },
  {
    when: /connect to host .*: Connection refused/,
    code: 'remote_unreachable',
    text: ({ host }) => `${host} refused the connection`,
    hint: tryIt,
  },
  {
    when: /connect to host |timed out during banner exchange|Timeout, server .* not responding|Connection timed out/,
    code: 'remote_unreachable',
    text: ({ host }) => `no connection to ${host} came about`,
    hint: tryIt,
  },
]
