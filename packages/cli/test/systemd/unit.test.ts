import { expect, test } from 'vitest'
import { systemdUnit } from '../../src/systemd/unit.ts'
import type { Service } from '../../src/systemd/service.ts'
import { judge, service } from './support.ts'

test('F28: the whole unit, which stops only the server, and waits', () => {
  const credentials = [{ name: 'GITHUB_WEBHOOK_SECRET', file: '/etc/fairway/webhook-secret' }]
  const variables = { HOST: '0.0.0.0', SHOP: '/srv/my shop' }
  expect(systemdUnit(service({ credentials, variables, missing: ['/srv/shop'] }))).toBe(whole)
})

const whole = `# Made by \`fairway systemd\` for /etc/fairway/fairway.yaml.
# Make it again when paths in there change. Changes of your own: systemctl edit fairway
#
# The docker group is root: whoever is in it owns this machine, and so does whoever may push to a repository that is
# deployed here. The protections below keep other mistakes small; they cannot change that.
#
# These folders must be there before it starts:
#   sudo install -d -o ada /srv/shop
#
# Secrets are files that root alone needs to read (sudo cat shows them, for the git host). To make a new one:
#   fairway secret new | sudo install -D -m 600 /dev/stdin /etc/fairway/webhook-secret

[Unit]
Description=Fairway, takes a git push to a running Docker Compose app
Wants=network-online.target docker.service
After=network-online.target docker.service
# Without a limit: at boot the network or the engine may come late.
StartLimitIntervalSec=0

[Service]
Type=exec
User=ada
SupplementaryGroups=docker
WorkingDirectory=/etc
Environment=HOST=0.0.0.0
Environment="SHOP=/srv/my shop"
LoadCredential=GITHUB_WEBHOOK_SECRET:/etc/fairway/webhook-secret
Environment=GITHUB_WEBHOOK_SECRET_FILE=%d/GITHUB_WEBHOOK_SECRET
ExecStart=/usr/bin/env fairway --config /etc/fairway/fairway.yaml serve
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=5s
# 2: the configuration is wrong, which another try does not mend.
RestartPreventExitStatus=2
# A build that runs out of memory must not take the server with it.
OOMPolicy=continue

# Only the server is told to stop, not git and Compose below it; what replaces containers is waited for.
KillMode=mixed
# Longer than any deployment may take: systemd must not be what breaks off a replacement.
TimeoutStopSec=1743

# The whole file system is read-only, but for these (with -: as far as they are there).
ProtectSystem=strict
ReadWritePaths=-/var/lib/fairway
ReadWritePaths=-/srv/shop
ReadWritePaths=-/run/lock
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
PrivateMounts=yes
# ProtectProc and PrivateUsers stay off: a lock tells by its owner and its process whether it still counts.
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
# MemoryDenyWriteExecute stays off: V8 compiles at run time.
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@resources
SystemCallErrorNumber=EPERM
# Not 0077: images are built from the files of a checkout, with their modes.
UMask=0022

[Install]
WantedBy=multi-user.target
`

const hardToWrite = [
  '/srv/my shop',
  '/srv/100%',
  '/srv/%h $HOME ${x}',
  '/srv/a"b\'c',
  String.raw`/srv/back\slash`,
]

test.each<[string, Partial<Service>]>([
  ['as it is', {}],
  [
    'with a secret from a file and variables',
    {
      credentials: [{ name: 'GITHUB_WEBHOOK_SECRET', file: '/etc/fairway/my 100% secret' }],
      variables: { SHOP: '/srv/"my" $shop\nand 50%', PATH: '/usr/bin:/snap/bin' },
    },
  ],
  ['with secrets in .env', { secretsBeside: ['GITHUB_WEBHOOK_SECRET'] }],
  ['with checkouts in homes', { protectHome: 'read-only', writable: ['/home/ada/shop', '/run/lock'] }],
  ['with checkouts in /tmp', { privateTmp: false, protectHome: 'read-only' }],
  ['with paths that are hard to write', { writable: hardToWrite, missing: hardToWrite }],
  ['with such arguments', { command: ['/usr/bin/env', ...hardToWrite, 'line\nbreak', ';', '', '-'] }],
])('systemd reads it without a complaint, and finds it hardly exposed: %s', async (_, other) => {
  const unit = systemdUnit(service(other))
  const { complaints, exposure, passed } = await judge(unit)
  expect(complaints).toBe('')
  expect(exposure).toBeLessThanOrEqual(2)
  expect(passed).toBe(true)
})

test('where there is no docker group, none is asked for', () => {
  const { dockerGroup: _dockerGroup, ...rest } = service()
  expect(systemdUnit(rest)).not.toContain('SupplementaryGroups')
})

test('systemd does complain of a unit that is wrong, and threshold 20 fails one that is bare', async () => {
  const broken = systemdUnit(service()).replace('ReadWritePaths=-/srv/shop', 'ReadWritePaths=srv/shop')
  expect((await judge(broken)).complaints).toContain('not absolute')
  const bare = systemdUnit(service()).replace(/^ProtectSystem[^]*UMask.*$/m, '')
  expect(await judge(bare)).toMatchObject({ passed: false })
})
