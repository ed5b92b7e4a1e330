"""Scripts that complete a command line, one maker for each shell. Where nothing of ours fits, shells complete files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompletedOption:
    """An option under all of its names, with the values that it may have where they are known."""

    names: tuple[str, ...]
    line: str
    takes_value: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """A command with its line and its options."""

    name: str
    line: str
    options: Sequence[CompletedOption]


def bash(commands: Sequence[Completed]) -> str:
    """For bash 3.2 and later."""
    cases = []
    for command in commands:
        names = " ".join(name for option in command.options for name in option.names)
        cases.append(f"        {command.name}) options={_quoted(names)} ;;")
    values = {
        f"{command.name}:{name}": option.values
        for command in commands
        for option in command.options
        if option.values
        for name in option.names
    }
    of_options = [
        f"        {key}) values={_quoted(' '.join(known))} ;;" for key, known in values.items()
    ]
    return "\n".join(
        [
            "# bash completion of linkhealth, made by `linkhealth completion bash`",
            "_linkhealth() {",
            '    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} options="" values=""',
            "    COMPREPLY=()",
            "    if [ $COMP_CWORD -eq 1 ]; then",
            f'        COMPREPLY=($(compgen -W {_quoted(_names(commands))} -- "$word"))',
            "        return",
            "    fi",
            '    case "$command:${COMP_WORDS[COMP_CWORD-1]}" in',
            *of_options,
            "    esac",
            '    if [ -n "$values" ]; then',
            '        COMPREPLY=($(compgen -W "$values" -- "$word"))',
            "        return",
            "    fi",
            '    case "$command" in',
            *cases,
            "    esac",
            '    case "$word" in',
            '        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;',
            "    esac",
            "}",
            "complete -o default -F _linkhealth linkhealth",
        ]
    )


def zsh(commands: Sequence[Completed]) -> str:
    """For zsh's completion system (compinit), as a file in $fpath or read by `source`."""
    cases = []
    for command in commands:
        cases.append(f"        {command.name})")
        cases.append("            _arguments -s \\")
        cases.extend(
            f"                {_zsh_option(name, option)} \\"
            for option in command.options
            for name in option.names
        )
        cases.append("                '*:file:_files'")
        cases.append("            ;;")
    described = [f"        {_quoted(f'{one.name}:{one.line}')}" for one in commands]
    return "\n".join(
        [
            "#compdef linkhealth",
            "# zsh completion of linkhealth, made by `linkhealth completion zsh`",
            "_linkhealth() {",
            "    local -a commands",
            "    commands=(",
            *described,
            "    )",
            "    if (( CURRENT == 2 )); then",
            "        _describe -t commands command commands",
            "        return",
            "    fi",
            "    local command=$words[2]",
            "    shift words",
            "    (( CURRENT-- ))",
            "    case $command in",
            *cases,
            "        *) _files ;;",
            "    esac",
            "}",
            'if [ "$funcstack[1]" = "_linkhealth" ]; then',
            '    _linkhealth "$@"',
            "else",
            "    compdef _linkhealth linkhealth",
            "fi",
        ]
    )


def _zsh_option(name: str, option: CompletedOption) -> str:
    line = option.line
    for special in "\\[]:":
        line = line.replace(special, f"\\{special}")
    text = f"{name}[{line}]"
    if option.values:
        text += f":value:({' '.join(option.values)})"
    elif option.takes_value:
        text += ":value:_files"
    return _quoted(text)


def fish(commands: Sequence[Completed]) -> str:
    """For fish."""
    first, named = "__fish_use_subcommand", "__fish_seen_subcommand_from"
    lines = ["# fish completion of linkhealth, made by `linkhealth completion fish`"]
    for command in commands:
        lines.append(
            f"complete -c linkhealth -n {first} -f -a {command.name} -d {_fish(command.line)}"
        )
        for option in command.options:
            names = " ".join(map(_fish_name, option.names))
            rest = ""
            if option.values:
                rest = f" -x -a {_fish(' '.join(option.values))}"
            elif option.takes_value:
                rest = " -r"
            lines.append(
                f"complete -c linkhealth -n '{named} {command.name}' {names}{rest} -d {_fish(option.line)}"
            )
    return "\n".join(lines)


def _fish_name(name: str) -> str:
    return f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _quoted(text: str) -> str:
    """For a shell of the family of sh."""
    return "'" + text.replace("'", "'\\''") + "'"


def _names(commands: Iterable[Completed]) -> str:
    return " ".join(one.name for one in commands)
