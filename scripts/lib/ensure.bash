# shellcheck shell=bash
# Sourced by ensure-docker and ensure-tools: words, endings, the lock, and installing from Debian's packages.
set -euo pipefail
umask 022
PATH=$PATH:/usr/sbin:/sbin # root by plain `su` lacks them
export DEBIAN_FRONTEND=noninteractive
name=${0##*/}
state=/var/run/fairway-docker # root's: lock, logs, the pid of an engine started here
policy=/usr/sbin/policy-rc.d

# Sets $check; ends at --help and at what it does not know.
read_arguments() {
  check=
  case ${1-} in
    '') ;;
    --check) check=yes ;;
    --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" && exit ;;
    *) say "unknown argument $1; see --help" && exit 2 ;;
  esac
}

# Sets $work and $log; as root, waits for its turn, since one apt-get fails while another one runs.
begin() {
  trap clean_up EXIT
  work=$(mktemp -d "/var/tmp/fairway-${name#ensure-}.XXXXXX") # not /tmp: the packages may not fit in a tmpfs
  log=$work/log
  [[ $EUID == 0 ]] || return 0
  mkdir -p $state
  exec 9>>$state/lock
  flock -n 9 || { say 'waiting for another installation by Fairway' && flock 9; }
  log=$state/$name.log && : >"$log"
}

clean_up() {
  rm -rf "$work"
  if grep -qs "by fairway $name" $policy; then rm -f $policy; fi
}

is_debian() { grep -qsE '^ID(_LIKE)?="?(.* )?debian' /etc/os-release && command -v apt-get >/dev/null; }

# Until the end of this script no package starts a service.
start_no_services() {
  [[ ! -e $policy ]] || return 0
  printf '#!/bin/sh\n# by fairway %s, while it installs\nexit 101\n' "$name" >$policy && chmod 755 $policy
}

# No recommended packages: there is a desktop's worth of them. No removals: what is there stays.
apt_install() {
  apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 "$@"
}

say() { echo "$name: $*" >&2; }

need() { say "$*" && exit 3; } # what only the user can do

run() { "$@" >>"$log" 2>&1 </dev/null 9>&- || fail "failed: $*"; }

fail() {
  say "error: $*; the last lines of its log:"
  tail -n 10 "$log" | sed "s/^/$name:   /" >&2
  exit 1
}
