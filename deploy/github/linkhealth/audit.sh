#!/usr/bin/env bash
# `linkhealth audit` in a step: the exit code becomes an output, so that the state is kept however the run ended.
set -euo pipefail

: "${FOLDER:?}" "${FAIL_ON:?}" "${GITHUB_OUTPUT:?}" "${GITHUB_STEP_SUMMARY:?}"
linkhealth=${LINKHEALTH_PROGRAM:-$RUNNER_TEMP/linkhealth/bin/linkhealth}
reports=$FOLDER/.linkhealth/reports

arguments=()
while IFS= read -r line; do
    if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "${ARGUMENTS:-}"

rm -rf "$reports"
code=0
"$linkhealth" audit --fail-on "$FAIL_ON" --format html,csv,json,md,comment,github,sarif "${arguments[@]}" -- "$FOLDER" || code=$?
echo "code=$code" >> "$GITHUB_OUTPUT"
echo "reports=$reports" >> "$GITHUB_OUTPUT"

if [ -f "$reports/report.md" ]; then cat "$reports/report.md" >> "$GITHUB_STEP_SUMMARY"; fi
# Annotations: commands for the runner, one a line.
if [ -f "$reports/report.github.txt" ]; then cat "$reports/report.github.txt"; fi
case $code in
    0 | 2) ;;
    4) echo "::notice::linkhealth was stopped early; the next run goes on where this one ended" ;;
    1[1-8]) echo "::error::linkhealth raised an alarm: its line in the log above says what is wrong and what to do" ;;
    75) echo "::warning::another run of linkhealth holds the state" ;;
    *) echo "::error::linkhealth ended with exit code $code; the log above says why" ;;
esac
