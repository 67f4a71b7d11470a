# One run of pytest inside script/test, which sets work, arguments and closing; a second try for browser tests only.

# run_pytest NAME [options]
run_pytest() {
  local name=$1 log="$work/$1.log" status=0 broken
  shift
  local options=(-q -o "cache_dir=$work/cache-$name" "$@" ${arguments[@]+"${arguments[@]}"})
  # "unbuffer"-less: pytest writes its progress, the closing line is shown again at the end.
  python -m pytest --create-db "${options[@]}" 2>&1 | tee "$log" || status=$?
  closing+=("$name: $(closing_line "$log")")
  broken=$(($(counted "$log" failed) + $(counted "$log" 'errors?')))
  if [ "$status" -eq 1 ] && [ "$broken" -ge 1 ] && [ "$broken" -le 5 ]; then
    second_try || return 1
    status=0
  fi
  # Nothing was collected: right when arguments chose tests of one kind, never for the whole.
  [ "$status" -eq 0 ] || { [ "$status" -eq 5 ] && [ "${#arguments[@]}" -gt 0 ]; }
}

# A crowded machine can make a browser late, so a test with a browser gets one more try and is named. A fault or a race that shows once is
# a fault: whatever else failed stays failed.
second_try() {
  say "   $broken failed; those with a browser get one more try:"
  grep -E '^(FAILED|ERROR) ' "$log" || true
  python -m pytest --last-failed --last-failed-no-failures none "${options[@]}" -m browser 2>&1 | tee "$log.again" || return 1
  closing+=("$name, second try of what failed with a browser: $(closing_line "$log.again")")
  [ "$(counted "$log.again" passed)" -eq "$broken" ]
}

closing_line() { grep -E '(passed|failed|error|no tests ran).* in [0-9.]+s' "$1" | tail -1; }

# counted LOG WORD: the number before the word in the closing line
counted() { closing_line "$1" | grep -oE "[0-9]+ $2" | grep -oE '^[0-9]+' || echo 0; }
