#!/bin/sh
# libdhcpha - DHCP High Availability as a library
# SPDX-License-Identifier: MPL-2.0
#
# Makes what TLS between test servers needs, with the openssl program:
#
#   certificates.sh FOLDER NAME...
#
#   FOLDER/ca.crt               what trusts all of NAME...: a trust-anchor as a file
#   FOLDER/ca/                  the same as a folder, its files named by hash
#   FOLDER/NAME.crt, NAME.key   a certificate of that CA, for a server as well as for a client
#   FOLDER/expired.crt, .key    one whose time is over
#   FOLDER/future.crt, .key     one whose time has not begun
#   FOLDER/other-ca.crt         another CA
#   FOLDER/stranger.crt, .key   a certificate of that one
#
# Keys are readable to all: servers that run as another user must read them, and they protect
# nothing.
set -eu
[ $# -ge 1 ] || { sed -n '5,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
shift

cat >openssl.cnf <<'END'
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
email_in_dn = no
[anything]
commonName = supplied
[req]
distinguished_name = nobody
[nobody]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[member]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
: >index.txt

key() {
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null ||
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
  chmod 644 "$1"
}

authority() { # NAME
  key "$1.key"
  openssl req -new -x509 -config openssl.cnf -extensions authority -subj "/CN=$1" -days 36500 \
    -key "$1.key" -out "$1.crt"
}

member() { # AUTHORITY NAME FROM TO
  key "$2.key"
  openssl req -new -config openssl.cnf -subj "/CN=$2" -key "$2.key" -out "$2.csr"
  openssl ca -batch -notext -config openssl.cnf -extensions member -cert "$1.crt" \
    -keyfile "$1.key" -startdate "$3" -enddate "$4" -in "$2.csr" -out "$2.crt" 2>ca.log ||
    { cat ca.log >&2; exit 1; }
  rm "$2.csr" ca.log
}

authority ca
authority other-ca
for name; do member ca "$name" 20200101000000Z 21200101000000Z; done
member ca expired 20200101000000Z 20210101000000Z
member ca future 21100101000000Z 21200101000000Z
member other-ca stranger 20200101000000Z 21200101000000Z
mkdir -p ca
cp ca.crt "ca/$(openssl x509 -noout -hash -in ca.crt).0"
rm -f -- index.txt* openssl.cnf [0-9A-F]*.pem
