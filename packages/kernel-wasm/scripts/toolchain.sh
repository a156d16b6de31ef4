#!/usr/bin/env bash
# Provides what scripts/build.mjs needs, in a folder outside the repository: rustc and cargo with the wasm target,
# wasm-pack, wasm-bindgen, wasm-opt. Idempotent; what is there is kept. Works as root on a bare Debian 12.
#
#   scripts/toolchain.sh [--debian]
#
#   HW5_TOOLS   where to put it (default: ~/.cache/hw5-tools); build.mjs reads the same variable
#   --debian    Debian's packages even where rustup could do it
#
# With rustup, the target is one download. Where rustup cannot download it, Debian's packaged compiler is used and the
# target's standard library is built from the packaged sources, into a sysroot of our own next to the tools. That
# compiler has no clippy; scripts/test-rust.mjs then says so and runs the tests.
set -euo pipefail

readonly TARGET=wasm32-unknown-unknown
readonly WASM_PACK=0.15.1
readonly WASM_BINDGEN=0.2.130 # must equal the crate's version in Cargo.toml
readonly BINARYEN=132.0.0
readonly TOOLS=${HW5_TOOLS:-$HOME/.cache/hw5-tools}

say() { printf 'toolchain: %s\n' "$*" >&2; }

# The first line of `$1 --version` contains $2.
is_version() { command -v "$1" >/dev/null && "$1" --version 2>/dev/null | head -n 1 | grep -qwF "$2"; }

use_rustup() {
  command -v rustup >/dev/null || return 1
  rustup target list --installed 2>/dev/null | grep -qx "$TARGET" && return 0
  say "adding $TARGET by rustup"
  rustup target add "$TARGET"
}

install_debian_packages() {
  local packages=(rustc-web cargo-web rust-web-src lld-19 gcc libc6-dev)
  if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    say "installing ${packages[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${packages[@]}"
  fi
}

# Wrappers that make cargo, and so wasm-pack, use Debian's compiler with the sysroot of build_debian_target.
write_debian_wrappers() {
  local sysroot=$1
  printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$sysroot" >"$TOOLS/bin/rustc"
  # Debian's cargo looks for no rustup; RUSTC names the wrapper, and the linker carries its version in its name.
  cat >"$TOOLS/bin/cargo" <<EOF
#!/bin/sh
export RUSTC="$TOOLS/bin/rustc" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
exec /usr/bin/cargo "\$@"
EOF
  chmod +x "$TOOLS/bin/rustc" "$TOOLS/bin/cargo"
}

# Builds std for wasm from Debian's sources. -Zbuild-std is a nightly feature of cargo; RUSTC_BOOTSTRAP allows it for
# this one build, everything afterwards is plain stable.
build_debian_target() {
  local version sysroot host libraries work
  version=$(/usr/bin/rustc --version | cut -d ' ' -f 2)
  sysroot=$TOOLS/sysroot-$version
  libraries=$sysroot/lib/rustlib/$TARGET/lib
  if ! compgen -G "$libraries/libstd-*.rlib" >/dev/null; then
    say "building std for $TARGET with rustc $version"
    host=$(/usr/bin/rustc --print sysroot)/lib/rustlib
    work=$(mktemp -d)
    mkdir -p "$work/src"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
    : >"$work/src/lib.rs"
    (
      cd "$work"
      RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo build --quiet --release --target "$TARGET" \
        --target-dir "$work/target" -Zbuild-std=std,panic_abort,proc_macro
    )
    rm -rf "$sysroot"
    mkdir -p "$libraries"
    find "$work/target/$TARGET/release/deps" -name '*.rlib' ! -name 'libempty-*' -exec cp {} "$libraries/" \;
    # The host's libraries, for procedural macros, and the sources stay where Debian put them.
    local entry
    for entry in "$host"/*; do
      [ "$(basename "$entry")" = "$TARGET" ] || ln -s "$entry" "$sysroot/lib/rustlib/"
    done
    rm -rf "$work"
  fi
  write_debian_wrappers "$sysroot"
}

install_crate() { # binary, crate, version
  if is_version "$1" "$3"; then return; fi
  say "installing $2 $3"
  # Not --locked: the published lock files pin crates that newer compilers warn about or refuse.
  cargo install --quiet --root "$TOOLS" --version "$3" "$2"
}

install_binaryen() {
  if [ -x "$TOOLS/node_modules/.bin/wasm-opt" ] && is_version "$TOOLS/node_modules/.bin/wasm-opt" "${BINARYEN%%.*}"; then
    :
  else
    say "installing binaryen $BINARYEN"
    npm install --silent --no-audit --no-fund --no-save --prefix "$TOOLS" "binaryen@$BINARYEN"
  fi
  ln -sfn ../node_modules/.bin/wasm-opt "$TOOLS/bin/wasm-opt"
}

main() {
  mkdir -p "$TOOLS/bin"
  export PATH="$TOOLS/bin:$PATH"
  if [ "${1:-}" != --debian ] && use_rustup; then
    rm -f "$TOOLS/bin/rustc" "$TOOLS/bin/cargo"
  else
    install_debian_packages
    build_debian_target
  fi
  hash -r
  install_crate wasm-pack wasm-pack "$WASM_PACK"
  install_crate wasm-bindgen wasm-bindgen-cli "$WASM_BINDGEN"
  install_binaryen
  say "ready in $TOOLS: $(rustc --version), $(wasm-pack --version), $(wasm-bindgen --version)"
}

main "$@"
