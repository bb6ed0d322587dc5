#!/usr/bin/python3
"""Writes what completes `upheld` in a shell, from what the command says and from its clauses.

    core/dist/completion.py bash|zsh|fish < what `upheld --help` prints

A value in small letters (server|client) is one of these words, FILE is a file, CLAUSE an id of
the tables of clauses; nothing is known of others. Exit 2 for help of another form.
"""
import sys

import c_text
import origin
import usage

HELP = ("--help", "")  # each verb takes it, though no usage says so


def options(verb):
    return [*verb.options, HELP] if len(verb.names) == 1 else []


def words_of(value, clauses):
    """The words that a value can be; none where that is not known."""
    if value == "CLAUSE":
        return clauses
    return [] if value.upper() == value else value.split("|")


def names(told):
    return [name for verb in told.verbs for name in verb.names]


BASH_START = """# bash completion for upheld(1)
_upheld()
{{
    local now=${{COMP_WORDS[COMP_CWORD]}} last=${{COMP_WORDS[COMP_CWORD - 1]}} words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{names}'
    else
        case ${{COMP_WORDS[1]}},$last,$now in"""
BASH_END = """        esac
    fi
    if [ "$words" = FILE ]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$now")
    else
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$now")
    fi
}
complete -F _upheld upheld"""


def bash_words(value, clauses):
    return "FILE" if value == "FILE" else "'" + " ".join(words_of(value, clauses)) + "'"


def bash(told, clauses):
    made, after = [], []  # first what follows an option, then what starts with -, then operands
    for verb in told.verbs:
        made += [f"{verb.names[0]},{name},*) words={bash_words(value, clauses)} ;;"
                 for name, value in options(verb) if value]
        if options(verb):
            listed = " ".join(name for name, _ in options(verb))
            after.append(f"{verb.names[0]},*,-*) words='{listed}' ;;")
        if verb.operand:
            after.append(f"{verb.names[0]},*) words={bash_words(verb.operand, clauses)} ;;")
    return [BASH_START.format(names=" ".join(names(told))),
            *(f"            {line}" for line in made + after), BASH_END]


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_value(value, clauses):
    """What _arguments is told of a value."""
    words = words_of(value, clauses)
    return f":{value}:" + ("_files" if value == "FILE" else f"({' '.join(words)})" if words else "")


ZSH_START = """#compdef upheld
# zsh completion for upheld(1)
local -a verbs=("""
ZSH_VERBS = """)
if (( CURRENT == 2 )); then
    _describe verb verbs
    return
fi
shift words
(( CURRENT-- ))
case $words[1] in"""


def zsh(told, clauses):
    made = [ZSH_START]
    for verb in told.verbs:
        about = " ".join(verb.text).replace(":", "\\:")
        made += [f"    {quoted(name + (':' + about if about else ''))}" for name in verb.names]
    made.append(ZSH_VERBS)
    for verb in told.verbs:
        if not options(verb):
            continue
        given = [quoted(name + (zsh_value(value, clauses) if value else ""))
                 for name, value in options(verb)]
        if verb.operand:
            many = "*" if "..." in verb.words else ""
            given.append(quoted(many + zsh_value(verb.operand, clauses)))
        made += [f"{verb.names[0]})", f"    _arguments {' '.join(given)}", "    ;;"]
    return [*made, "esac"]


def fish_value(value, clauses):
    if value == "FILE":
        return " -r -F"
    words = words_of(value, clauses)
    return " -x" + (f" -a {quoted(' '.join(words))}" if words else "")


def fish(told, clauses):
    made = ["# fish completion for upheld(1)", "complete -c upheld -f"]
    for verb in told.verbs:
        about = f" -d {quoted(' '.join(verb.text))}" if verb.text else ""
        made += [f"complete -c upheld -n __fish_is_first_arg -a {quoted(name)}{about}"
                 for name in verb.names]
    for verb in told.verbs:
        when = f"complete -c upheld -n '__fish_seen_subcommand_from {verb.names[0]}'"
        made += [f"{when} -l {name[2:]}{fish_value(value, clauses) if value else ''}"
                 for name, value in options(verb)]
        if verb.operand == "FILE":
            made.append(f"{when} -F")
        elif words_of(verb.operand, clauses):
            made.append(f"{when} -a {quoted(' '.join(words_of(verb.operand, clauses)))}")
    return made


SHELLS = {"bash": bash, "zsh": zsh, "fish": fish}


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in SHELLS:
        print("completion.py: expected bash, zsh or fish, and the help on standard input",
              file=sys.stderr)
        return 2
    try:
        told = usage.parse(sys.stdin.read())
        clauses = c_text.clause_ids(origin.ROOT / "core")
    except (usage.Unknown, OSError) as why:
        print(f"completion.py: {why}", file=sys.stderr)
        return 2
    print("\n".join(SHELLS[arguments[0]](told, clauses)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
