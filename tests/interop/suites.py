# SPDX-License-Identifier: MPL-2.0
"""Later versions of Kea: Debian suites in folders of their own, kept between runs."""
import os
import shutil
import subprocess

MIRROR = os.environ.get("DHCPHA_MIRROR", "http://deb.debian.org/debian")
PACKAGES = "kea-dhcp4-server,kea-dhcp6-server,kea-common"
SCRIPTS = "/usr/share/debootstrap/scripts"


def install_packages(names):
    """With apt-get, those that are missing."""
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
                           capture_output=True, text=True, check=False)
    present = {line.split()[0] for line in query.stdout.splitlines() if line.endswith(" installed")}
    missing = [name for name in names if name not in present]
    if missing:
        print("installing " + " ".join(missing), flush=True)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run(["apt-get", "-qq", "update"], check=True, env=environment)
        subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing],
                       check=True, env=environment, stdout=subprocess.DEVNULL)


def install_suite(kind):
    """The folder of a LaterKeaServer; a run that was cut short leaves only FOLDER.new behind."""
    folder = os.path.join(kind.suites, kind.suite)
    if os.path.isdir(folder):
        return
    install_packages(["debootstrap"])
    print("installing %s for %s in %s" % (kind.suite, kind.kind, folder), flush=True)
    shutil.rmtree(folder + ".new", ignore_errors=True)
    os.makedirs(kind.suites, exist_ok=True)
    script = os.path.join(SCRIPTS, kind.suite)
    words = ["debootstrap", "--variant=minbase", "--include=" + PACKAGES, kind.suite,
             folder + ".new", MIRROR]
    if not os.path.exists(script):  # a suite later than debootstrap itself
        words.append(os.path.join(SCRIPTS, "sid"))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit("debootstrap %s: %s" % (kind.suite, done.stdout[-2000:] + done.stderr))
    os.rename(folder + ".new", folder)
