# A root folder of Debian's, to try things where nothing else ever was; for
# root.
#
#	. tests/root.sh

root_base() { # SUITE FOLDER: a smallest system, from $MIRROR
	debootstrap --variant=minbase "$1" "$2" \
		"${MIRROR:-http://deb.debian.org/debian}"
}

root_copy() { # BASE ROOT
	cp -a "$1" "$2" && cp /etc/resolv.conf "$2/etc"
}

# A script of bash in that root, with its arguments, in a namespace of its own:
# what is mounted or started there is gone with it.
root_run() { # ROOT SCRIPT [ARGUMENT...]
	unshare --mount --pid --fork --kill-child sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" &&
		mount --rbind /sys "$0/sys" && exec chroot "$0" /usr/bin/env -i HOME=/root \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		LC_ALL=C DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c "$@"' \
		"$1" "$2" bash "${@:3}"
}
