import { shellWord, cleanText } from '@fairway/core'
import { environmentWord, execWord, pathWord, restOfLine } from './escape.ts'
import type { Credential, Service } from './service.ts'

/** How a unit of ours begins; one that begins otherwise was written by somebody else. */
export const marker = '# Made by `fairway systemd`'

/** A unit that starts the server at boot, lets it finish what replaces containers, and takes away what it doesn't need. */
export function systemdUnit(service: Service): string {
  const { user, dockerGroup, command, workingDirectory, variables, credentials, longest } = service
  const lines = [
    ...head(service),
    '',
    '[Unit]',
    'Description=Fairway, takes a git push to a running Docker Compose app',
    'Wants=network-online.target docker.service',
    'After=network-online.target docker.service',
    '# Without a limit: at boot the network or the engine may come late.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    ...(dockerGroup === undefined ? [] : [`SupplementaryGroups=${dockerGroup}`]),
    `WorkingDirectory=${restOfLine(workingDirectory)}`,
    ...Object.entries(variables).map(([name, value]) => `Environment=${environmentWord(`${name}=${value}`)}`),
    ...credentials.flatMap(credential),
    `ExecStart=${command.map(execWord).join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=5s',
    '# 2: the configuration is wrong, which another try does not mend.',
    'RestartPreventExitStatus=2',
    '# A build that runs out of memory must not take the server with it.',
    'OOMPolicy=continue',
    '',
    '# Only the server is told to stop, not git and Compose below it; what replaces containers is waited for.',
    'KillMode=mixed',
    '# Longer than any deployment may take: systemd must not be what breaks off a replacement.',
    `TimeoutStopSec=${Math.ceil(longest / 1_000) + 60}`,
    '',
    ...hardening(service),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ]
  return `${lines.join('\n')}\n`
}

function head({ file, user, missing, credentials, secretsBeside }: Service): readonly string[] {
  return [
    `${marker} for ${cleanText(file, Infinity)}.`,
    `# Make it again when paths in there change. Changes of your own: systemctl edit fairway`,
    '#',
    '# The docker group is root: whoever is in it owns this machine, and so does whoever may push to a repository that is',
    '# deployed here. The protections below keep other mistakes small; they cannot change that.',
    ...(missing.length === 0
      ? []
      : [
          '#',
          '# These folders must be there before it starts:',
          ...missing.map((path) => makeFolder(path, user)),
        ]),
    ...(credentials.length === 0
      ? []
      : [
          '#',
          '# Secrets are files that root alone needs to read (sudo cat shows them, for the git host). To make a new one:',
          ...credentials.map(makeCredential),
        ]),
    ...(secretsBeside.length === 0
      ? []
      : [
          '#',
          `# ${secretsBeside.join(', ')}: read from .env beside that file, as ${user}. To keep it where root alone reads it,`,
          '# take it out there and make this again.',
        ]),
  ]
}

function makeFolder(path: string, user: string): string {
  return `#   sudo install -d -o ${user} ${shellWord(path)}`
}

function makeCredential({ file }: Credential): string {
  return `#   fairway secret new | sudo install -D -m 600 /dev/stdin ${shellWord(file)}`
}

/** systemd gives the file to this service alone, in a folder that `%d` stands for. */
function credential({ name, file }: Credential): readonly string[] {
  return [`LoadCredential=${name}:${restOfLine(file)}`, `Environment=${name}_FILE=%d/${name}`]
}

function hardening({ writable, protectHome, privateTmp }: Service): readonly string[] {
  return [
    '# The whole file system is read-only, but for these (with -: as far as they are there).',
    'ProtectSystem=strict',
    ...writable.map((path) => `ReadWritePaths=${pathWord(`-${path}`)}`),
    ...(protectHome === 'yes'
      ? ['ProtectHome=yes']
      : [
          '# Not yes: something of the above, or what git, ssh and docker read, lies in a home.',
          'ProtectHome=read-only',
        ]),
    ...(privateTmp
      ? ['PrivateTmp=yes']
      : ['# Not yes: something of the above lies in /tmp.', 'PrivateTmp=no']),
    'PrivateDevices=yes',
    'DevicePolicy=closed',
    'PrivateMounts=yes',
    '# ProtectProc and PrivateUsers stay off: a lock tells by its owner and its process whether it still counts.',
    'ProtectKernelTunables=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelLogs=yes',
    'ProtectControlGroups=yes',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'RemoveIPC=yes',
    'KeyringMode=private',
    '# MemoryDenyWriteExecute stays off: V8 compiles at run time.',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@resources',
    'SystemCallErrorNumber=EPERM',
    '# Not 0077: images are built from the files of a checkout, with their modes.',
    'UMask=0022',
  ]
}
