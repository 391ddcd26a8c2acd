#!/bin/bash
# test.sh quick|all [PROJECT…]: builds once, makes ready the kernels and guests that are built here, runs the test
# projects, and ends with a line `N passed, N failed` that is counted from what really ran, by the TRX files the runner
# leaves. A project that leaves none has died, and one that ran no test has tested nothing: both have failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

scope=$1
projects=("${@:2}")
((${#projects[@]})) ||
  projects=(PstoreLab.{Records,Harness,Report,Cli}.Tests PstoreLab.Scenarios)
results=artifacts/test-results
passed=0 failed=0 skipped=0
reasons=()
rm -rf "$results"
mkdir -p "$results"

# The last thing to be read is what failed and why, however much was printed before it.
finish() {
  local line project
  for project in "${projects[@]}"; do
    [[ ! -f $results/$project.trx ]] || failures "$results/$project.trx"
  done
  ((${#reasons[@]} == 0)) || printf 'failed: %s\n' "${reasons[@]}"
  line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  echo "$line"
  ((failed == 0 && passed > 0))
  exit
}

broken() { # one more failure, and why
  echo "test: $1" >&2
  failed=$((failed + 1))
  reasons+=("$1")
}

failures() { # the names of the tests that failed, each with what it says
  awk -v RS='<' '
    function text(s) {
      gsub(/&#xD;|\r/, "", s); gsub(/&#xA;/, "\n", s); gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s)
      gsub(/&quot;/, "\"", s); gsub(/&apos;/, "\047", s); gsub(/&amp;/, "\\&", s)
      return s
    }
    /^UnitTestResult / {
      name = ""
      if (/ outcome="(Failed|Error|Timeout|Aborted)"/ && match($0, / testName="[^"]*"/))
        name = text(substr($0, RSTART + 11, RLENGTH - 12))
    }
    /^Message>/ && name != "" {
      message = text(substr($0, 9)); sub(/[ \n]+$/, "", message); gsub(/\n/, "\n  ", message)
      print "failed: " name ": " message
      name = ""
    }
    /^\/UnitTestResult>/ && name != "" { print "failed: " name; name = "" }
  ' "$1"
}

counters() { # the outcome, then the numbers: total passed failed error timeout aborted
  awk -v RS='>' '
    function attribute(name) {
      return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0
    }
    /<ResultSummary / { outcome = attribute("outcome") }
    /<Counters / {
      print outcome, attribute("total"), attribute("passed"), attribute("failed"), attribute("error"),
        attribute("timeout"), attribute("aborted")
    }
  ' "$1"
}

count() { # PROJECT STATUS: adds what its TRX says
  local trx=$results/$1.trx outcome total good bad error timeout aborted
  [[ -f $trx ]] || { broken "$1 ended with exit code $2 and left no results"; return; }
  read -r outcome total good bad error timeout aborted < <(counters "$trx") ||
    { broken "$1 left results that cannot be read: $trx"; return; }
  bad=$((bad + error + timeout + aborted))
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - good - bad))
  if ((bad == 0)) && [[ $2 != 0 || $outcome != Completed ]]; then
    broken "$1 did not come to its end (exit code $2, outcome $outcome)"
  elif ((good + bad == 0)); then
    broken "$1 ran no test"
  elif [[ $(wc -l <"$results/$1.found") != "$total" ]]; then
    # The NUnit adapter drops a test with a control character in its name without a word.
    broken "$1 has $(wc -l <"$results/$1.found") tests and results of $total: $results/$1.found has their names"
  fi
}

logged() { # NAME COMMAND…: in the background; what it prints waits for `say`
  "${@:2}" >"$results/$1.log" 2>&1 </dev/null &
  jobs[$1]=$!
}

say() { # NAME: waits for it, prints what it printed, and returns its exit code
  local status=0
  wait "${jobs[$1]}" || status=$?
  unset "jobs[$1]"
  cat "$results/$1.log"
  return "$status"
}

run_tests() { # PROJECT [FILTER…]
  dotnet test "artifacts/bin/$1/release/$1.dll" "${@:2}" --list-tests </dev/null | grep '^    ' >"$results/$1.found"
  dotnet test "artifacts/bin/$1/release/$1.dll" "${@:2}" \
    --logger "trx;LogFileName=$1.trx" --results-directory "$results" </dev/null
}

declare -A jobs
# A job in the background hears no Ctrl-C.
trap 'kill "${jobs[@]}" 2>/dev/null' EXIT
dotnet build PstoreLab.sln -c Release -v quiet --nologo </dev/null || { broken 'the build failed'; finish; }

# The formatters are busy on one core; the package is made on the other.
logged formatting build/lint.sh
if build/pack.sh </dev/null; then
  passed=$((passed + 1))
else
  broken 'the package of PstoreLab.Records cannot be made, or not used'
fi
if say formatting; then
  echo 'formatting: passed'
  passed=$((passed + 1))
else
  broken 'the formatting is off (`make format` fixes it)'
fi

# Before the first test, because compilers beside guests make both slow.
if [[ " ${projects[*]} " == *' PstoreLab.Scenarios '* ]]; then
  requests=('lab-6.1 bookworm')
  [[ $scope != all ]] || requests=('' --guests)
  for request in "${requests[@]}"; do
    read -ra words <<<"$request"
    if dotnet artifacts/bin/PstoreLab.Cli/release/pstorelab.dll images build "${words[@]}" </dev/null; then
      echo "images build $request: passed"
      passed=$((passed + 1))
    else
      broken "pstorelab images build $request failed"
    fi
  done
fi

# Unit tests wait more than they compute, so they run side by side; guests have the machine for themselves.
for project in "${projects[@]}"; do
  [[ $project == PstoreLab.Scenarios ]] || logged "$project" run_tests "$project"
done
for project in "${projects[@]}"; do
  if [[ $project == PstoreLab.Scenarios ]]; then
    filter=()
    [[ $scope == all ]] || filter=(--filter TestCategory=Quick)
    run_tests "$project" "${filter[@]}"
  else
    say "$project"
  fi
  count "$project" $?
done

# What all of it has shown of what pstore documents; a cell that has neither a result nor a reason is a failure.
if [[ $scope == all && " ${projects[*]} " == *' PstoreLab.Scenarios '* ]]; then
  if dotnet artifacts/bin/PstoreLab.Cli/release/pstorelab.dll report --coverage </dev/null; then
    passed=$((passed + 1))
  else
    broken 'the coverage table has open cells'
  fi
fi
finish
