#!/bin/sh
# Checks the channel and the test server against other people's work on the Bot
# API. Needs node with npm, and Go; see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -C "$here" -o "$work/peers" .
cd "$work"
npm init -y >npm.log 2>&1
npm install --no-fund --no-audit telegram-test-api@4.2.1 @grammyjs/types@5.0.0 typescript@5.9.3 >>npm.log 2>&1 || { cat npm.log; exit 1; }
./peers record >calls.ts
npx tsc --strict --noEmit --skipLibCheck --module nodenext --moduleResolution nodenext --target es2022 calls.ts
echo "ok  $(grep -c 'const call' calls.ts) calls and $(grep -c 'const update' calls.ts) updates agree with @grammyjs/types"
cp "$here/peer.cjs" .
node peer.cjs "$work/peers"
