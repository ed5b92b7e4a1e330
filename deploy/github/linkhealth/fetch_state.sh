#!/usr/bin/env bash
# The state that the newest earlier run of this workflow left as an artifact, put into FOLDER/.linkhealth; none is no fault.
set -euo pipefail

: "${FOLDER:?}" "${GITHUB_REPOSITORY:?}" "${GITHUB_WORKFLOW_REF:?}"
# OWNER/REPOSITORY/.github/workflows/NAME.yml@REF
workflow=${GITHUB_WORKFLOW_REF%@*}
workflow=${workflow##*/}
branch=${GITHUB_REF_NAME:?}

# Only of this branch: a run of another one, as a stranger's pull request, is not to be trusted.
runs=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow "$workflow" --branch "$branch" --limit 20 \
    --json databaseId,event --jq '.[] | select(.event != "pull_request") | .databaseId') || runs=
for run in $runs; do
    if gh run download "$run" --repo "$GITHUB_REPOSITORY" --name linkhealth-state --dir "$FOLDER/.linkhealth" 2>/dev/null; then
        echo "the state of run $run"
        exit 0
    fi
done
echo "::notice::linkhealth begins with an empty state: neither the cache nor an artifact has one"
