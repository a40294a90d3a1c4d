# Shared by ./peregrine, ./test and the benchmarks: finds the SDK, installs what is missing, builds. Sourced with $root set.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() { printf 'peregrine: %s\n' "$1" >&2; exit "${2:-2}"; }

mkdir -p "$root/.build" 2>/dev/null || die "cannot write $root/.build: the build needs it. Clone the repository where you may write."
[ -w "$root/.build" ] || die "cannot write $root/.build: the build needs it. Clone the repository where you may write."

# --- the SDK --------------------------------------------------------------------------------------------------------
find_dotnet() {
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:+$DOTNET_ROOT/dotnet}" "${HOME:+$HOME/.dotnet/dotnet}" \
      /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
    if [ -n "$candidate" ] && [ -x "$candidate" ] && "$candidate" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

# A missing or unwritable home is no reason to fail: the SDK then keeps its files in .build/home.
if [ -z "${HOME-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
  export HOME="$root/.build/home"
  mkdir -p "$HOME"
fi
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export NUGET_XMLDOC_MODE=skip
# Helpers of the compiler that outlive the build would hold the caller's terminal and pipes open.
export MSBUILDDISABLENODEREUSE=1

DOTNET=$(find_dotnet) || die "the .NET 10 SDK is not found. Install it (https://dotnet.microsoft.com/download/dotnet/10.0), or put its 'dotnet' on the PATH."

# --- Debian packages ------------------------------------------------------------------------------------------------
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  elif command -v sudo >/dev/null && [ -t 0 ]; then sudo "$@"
  else return 126
  fi
}

# A library is named by its soname, a program by its command.
is_present() {
  case "$1" in
    *.so.*) ldconfig -p 2>/dev/null | grep -q -F "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q -F "$1" ;;
    /*) compgen -G "$1" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# ensure_debian_packages WHY probe=package ...   installs the packages whose probe is missing
ensure_debian_packages() {
  local why=$1 pair missing=() try
  shift
  for pair in "$@"; do is_present "${pair%%=*}" || missing+=("${pair#*=}"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing ${missing[*]} (needed for $why) ..."
  for try in 1 2 3; do
    if as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "${missing[@]}" </dev/null >"$root/.build/apt.log" 2>&1; then
      return 0
    fi
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || break
    [ "$try" -lt 3 ] && sleep $((try * 5))
  done
  local sudo_word="sudo "
  [ "$(id -u)" -eq 0 ] && sudo_word=""
  die "could not install ${missing[*]}, needed for $why. Run: ${sudo_word}apt-get update && ${sudo_word}apt-get install -y ${missing[*]}   (details: $root/.build/apt.log)" 1
}

# --- building -------------------------------------------------------------------------------------------------------
# One hash over everything that goes into the program.
source_hash() {
  (cd "$root" && { "$DOTNET" --version
    find src samples Directory.Build.props Directory.Packages.props global.json .editorconfig \
      \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c1-16)
}

# Prints the folder of the built program. Concurrent calls wait for one another; a finished build is never changed.
build_peregrine() {
  local hash app
  hash=$(source_hash)
  app="$root/.build/app/$hash"
  if [ ! -f "$app/peregrine.dll" ]; then
    exec 9>"$root/.build/lock"
    flock -n 9 || { say "Waiting for another build of Peregrine to end ..."; flock 9; }
    if [ ! -f "$app/peregrine.dll" ]; then compile_peregrine "$hash" "$app"; fi
    exec 9>&-
  fi
  printf '%s' "$app"
}

# publish_peregrine FOLDER [OPTION ...]
publish_peregrine() {
  local app=$1
  shift
  (cd "$root" && "$DOTNET" publish src/Peregrine/Peregrine.csproj -c Release -o "$app" --artifacts-path "$root/.build/artifacts" \
    -v quiet -nologo -p:UseSharedCompilation=false "$@") </dev/null >"$root/.build/build.log" 2>&1 9>&-
}

# Compiled ahead of time for this machine, which halves the time of a start; what runs hot is compiled anew all the same. A feed without
# the compiler for it is no reason to fail.
compile_peregrine() {
  local hash=$1 app=$2 log="$root/.build/build.log" start=$SECONDS old
  progress_start "Building Peregrine (the first time takes a minute or two)"
  if ! publish_peregrine "$app.tmp" --use-current-runtime --no-self-contained -p:PublishReadyToRun=true \
    && ! { grep -qi 'crossgen2' "$log" && rm -rf "$app.tmp" && publish_peregrine "$app.tmp"; }; then
    progress_end "Building Peregrine failed"
    grep -E 'error|warning' "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
    die "the build failed; its whole output is in $log" 1
  fi
  mkdir -p "$root/.build/app"
  mv -T "$app.tmp" "$app"
  progress_end "Built Peregrine in $((SECONDS - start)) s"
  # The two newest older builds stay: a running instance may be using one.
  for old in $(ls -1t "$root/.build/app" | tail -n +4); do rm -rf -- "${root:?}/.build/app/$old"; done
}

progress_pid=
progress_start() {
  if [ -t 2 ]; then
    ( start=$SECONDS; frames='⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'; i=0
      while :; do
        printf '\r%s %s … %d s ' "${frames:i++%10:1}" "$1" $((SECONDS - start)) >&2
        sleep 0.2
      done ) &
    progress_pid=$!
  else
    say "$1 ..."
  fi
}
progress_end() {
  if [ -n "$progress_pid" ]; then
    kill "$progress_pid" 2>/dev/null || true
    wait "$progress_pid" 2>/dev/null || true
    progress_pid=
    printf '\r\033[K' >&2
  fi
  say "$1"
}
