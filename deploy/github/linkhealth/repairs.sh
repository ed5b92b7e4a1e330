#!/usr/bin/env bash
# One branch and one pull request for each kind of repair, and one issue that shows how the collection is.
# What is there already is brought up to date; what no longer differs is left alone; a request with nothing left is closed.
# Usage: repairs.sh [KIND]    With KIND that one alone, and no issue.
set -euo pipefail

: "${FOLDER:?}" "${KINDS:?}" "${BASE:?}" "${GITHUB_REPOSITORY:?}"
linkhealth=${LINKHEALTH_PROGRAM:-$RUNNER_TEMP/linkhealth/bin/linkhealth}
most=60000 # GitHub takes 65,536 characters
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export GIT_AUTHOR_NAME='github-actions[bot]' GIT_COMMITTER_NAME='github-actions[bot]'
export GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

# Usage: quoted FILE    A text from outside as a block of code: nobody is mentioned by it, and no issue. `iconv` drops half a character.
quoted() { sed 's/^/    /' "$1" > "$work/quoted" && head -c "$most" "$work/quoted" | iconv -c -f UTF-8 -t UTF-8; }

request_of() {
    gh pr list --repo "$GITHUB_REPOSITORY" --head "$1" --state open --json number --jq '.[0].number // empty'
}

# What was closed by hand, and not merged, was refused.
is_refused() {
    [ -n "$(gh pr list --repo "$GITHUB_REPOSITORY" --head "$1" --state closed --json number,mergedAt \
        --jq '[.[] | select(.mergedAt == null)][0].number // empty')" ]
}

# Usage: patch_of BRANCH    What it changes, in one word, wherever in a file that stands; nothing where there is no such branch.
patch_of() {
    if git rev-parse --quiet --verify "$1" > /dev/null; then
        git diff "origin/$BASE...$1" | git patch-id --stable | cut -d ' ' -f 1
    fi
}

# Usage: offer KIND
offer() {
    branch=linkhealth/$1
    git checkout --quiet --force -B "$branch" "origin/$BASE"
    code=0
    "$linkhealth" apply --suggested "$1" --write --commit --max-files 100 --content "$FOLDER" || code=$?
    # 2: some were not carried out, and are listed above.
    case $code in 0 | 2) ;; *) return "$code" ;; esac
    request=$(request_of "$branch")
    if [ -z "$(git log --oneline "origin/$BASE..$branch")" ]; then
        if [ -n "$request" ]; then
            gh pr close "$request" --repo "$GITHUB_REPOSITORY" --comment "Nothing of this kind is left to mend."
            # Closed by us: no refusal, which a branch would remember.
            git push --quiet origin ":refs/heads/$branch"
        fi
        return 0
    fi
    if [ "$(patch_of "$branch")" != "$(patch_of "origin/$branch")" ]; then
        git push --quiet --force origin "$branch:refs/heads/$branch"
    elif [ -z "$request" ] && is_refused "$branch"; then
        echo "::notice::repairs of the kind $1 were refused, and are offered again when they change"
        return 0
    fi
    title=$(git log -1 --format=%s "$branch")
    git log --reverse --format=%B "origin/$BASE..$branch" > "$work/evidence"
    {
        echo "Suggested by linkhealth, each change with its evidence. Review it as any other change; the next run brings it up to date."
        echo
        quoted "$work/evidence"
    } > "$work/body"
    if [ -n "$request" ]; then
        gh pr edit "$request" --repo "$GITHUB_REPOSITORY" --title "$title" --body-file "$work/body"
    else
        gh pr create --repo "$GITHUB_REPOSITORY" --base "$BASE" --head "$branch" --title "$title" --body-file "$work/body"
    fi
}

dashboard() {
    report=$FOLDER/.linkhealth/reports/report.comment.md
    if [ ! -f "$report" ]; then return 0; fi
    gh label create linkhealth --repo "$GITHUB_REPOSITORY" --force --description "Kept by linkhealth" > /dev/null
    issue=$(gh issue list --repo "$GITHUB_REPOSITORY" --label linkhealth --state open --json number --jq '.[0].number // empty')
    if [ -n "$issue" ]; then
        gh issue edit "$issue" --repo "$GITHUB_REPOSITORY" --body-file "$report"
    else
        gh issue create --repo "$GITHUB_REPOSITORY" --title "Health of the links" --label linkhealth --body-file "$report"
    fi
}

if [ $# -gt 0 ]; then
    offer "$1"
    exit 0
fi

git fetch --quiet origin "+refs/heads/*:refs/remotes/origin/*"
# The state and the reports are no part of any branch.
worst=0
for kind in $KINDS; do
    echo "::group::$kind"
    # A process of its own: what fails in it ends it, and the other kinds are offered all the same.
    bash "${BASH_SOURCE[0]}" "$kind" || {
        worst=$?
        echo "::error::repairs of the kind $kind could not be offered"
    }
    echo "::endgroup::"
done
git checkout --quiet --force --detach "origin/$BASE"
dashboard
exit "$worst"
