"""All definitions together: what is translated, what is skipped and why, and the two C files."""
import os

from grammar import Parser, Quantifier
from source import SpecError, preprocess, prose_above, split
from values import declare
from world import collect
import emit
import shape

KEYWORDS = set("""auto break case char const continue default do double else enum extern float for
    goto if inline int long register restrict return short signed sizeof static struct switch
    typedef union unsigned void volatile while bool true false""".split())
KEPT_SLOTS = 512  # values kept for each function that needs it

NATURAL = """
/* A number of a 64-bit unsigned type as a logic integer. */
static inline int64_t spec_natural(uint64_t x)
{
    if (x > INT64_MAX) {
        __builtin_trap();
    }
    return (int64_t)x;
}
"""
KEEPING = """#include <string.h>

/* Values of functions that read memory are kept for one call from outside; this number tells such
 * calls apart. */
static _Thread_local uint64_t spec_call;

static uint64_t spec_mix(const uint64_t *of, size_t n)
{
    uint64_t mixed = 0;
    for (size_t k = 0; k < n; k++) {
        mixed = mixed * 31 + of[k];
    }
    return mixed ^ (mixed >> 32);
}
"""
BUILTINS = {
    "spec_natural(": NATURAL,
    "spec_min(": """
static inline int64_t spec_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
""",
    "spec_max(": """
static inline int64_t spec_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
""",
    "spec_abs(": """
static inline int64_t spec_abs(int64_t a)
{
    return a < 0 ? -a : a;
}
""",
}


class Book:
    """The definitions of all files, and what they need of each other."""

    def __init__(self, headers, files, compiler):
        self.headers, self.files = headers, files
        annotations, c_lines = self.read(compiler)
        self.world = collect(c_lines, {os.path.normpath(path) for path in files})
        self.functions, self.skipped, self.deep = {}, {}, set()
        for tokens in annotations:
            for definition in Parser(tokens, self.world).definitions():
                self.enter(definition)
        self.drop_unbounded()
        self.graph = {name: shape.called(d.body, self.functions)
                      for name, d in self.functions.items()}
        self.reach = shape.reach(self.graph)
        self.branching = {name for name in self.functions if self.branches(name)}
        self.keeping = {name for name in self.functions
                        if name in self.branching or self.reach[name] & self.branching}
        self.kept = {name for name in self.keeping if not self.struct_param(name)}

    def read(self, compiler):
        output, marks = preprocess(self.headers, self.files, compiler)
        return split(output, marks)

    def enter(self, definition):
        if definition.kind == "lemma":
            self.skipped[definition.name] = f"{definition.where}: a lemma, proved and not run"
            return
        earlier = self.functions.get(definition.name)
        if earlier:
            raise SpecError(definition.where, f"'{definition.name}' is defined at "
                            f"{earlier.where} too")
        self.functions[definition.name] = definition

    def drop_unbounded(self):
        """Predicates with an unbounded quantifier cannot run, nor predicates that use them."""
        def reason(definition):
            for node in shape.walk(definition.body):
                if isinstance(node, Quantifier) and shape.bounds(node) is None:
                    return f"{node.where}: {node.kind} without a range of one integer"
                name = getattr(node, "name", None)
                if isinstance(name, str) and name in ("\\valid", "\\valid_read", "\\separated",
                                                      "\\initialized"):
                    return f"{node.where}: {name} speaks of memory"
                if isinstance(name, str) and name in self.skipped and name not in self.functions:
                    return f"{node.where}: uses {name}, which is skipped"
            return None

        again = True
        while again:
            again = False
            for name, definition in list(self.functions.items()):
                why = reason(definition) if definition.kind == "predicate" else None
                if why:
                    self.skipped[name] = why
                    del self.functions[name]
                    again = True

    def branches(self, name):
        """Whether an evaluation may call the function's own group twice: it could explode."""
        if name not in self.reach[name]:
            return False
        group = {other for other in self.reach[name] if name in self.reach[other]}
        definition = self.functions[name]
        if len(shape.on_one_path(definition.body, group)) < 2:
            return False
        param = self.struct_param(name)
        if param:
            raise SpecError(definition.where, f"'{name}' calls itself more than once, and its "
                            f"values cannot be kept by the struct '{param}'")
        return True

    def struct_param(self, name):
        for kind, param in self.functions[name].params:
            if isinstance(kind, str) and kind.startswith("struct "):
                return param
        return None

    def reserved(self, name):
        return name in KEYWORDS or name in self.world.enumerators or name in self.world.globals \
            or name in self.world.typedefs

    def inner(self, name):
        """What other generated functions call."""
        return f"inner_{name}" if name in self.keeping else f"spec_{name}"

    # The two files

    def prototype(self, definition, name, static=False):
        params = ", ".join(declare(kind, param) for kind, param in definition.params) or "void"
        return f"{'static ' if static else ''}{declare(definition.result, name)}({params})"

    def comment(self, definition):
        path, line = definition.where.rsplit(":", 1)
        said = [f"{definition.where}: {definition.name}"] + prose_above(path, int(line))
        said = [part.replace("*/", "* /") for part in said]
        return "/* " + "\n * ".join(said) + " */"

    def head_text(self, folder):
        """The header, as it stands in `folder`: includes need no search path."""
        out = ["/* Made by proofs/spec2c from the specification; not to be edited. */",
               "#ifndef UPHELD_SPEC_H", "#define UPHELD_SPEC_H", "",
               "#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>", ""]
        out += [f'#include "{os.path.relpath(header, folder)}"' for header in self.headers]
        out += ["", *self.world.type_text] if self.world.type_text else []
        for definition in self.functions.values():
            name = f"spec_{definition.name}"
            out += ["", self.comment(definition),
                    *emit.wrapped(self.prototype(definition, name) + ";", 0)]
        return "\n".join(out + ["", "#endif", ""])

    def body_text(self):
        bodies = []
        for name, definition in self.functions.items():
            bodies.append(self.function_text(name, definition))
        text = "\n".join(bodies)
        out = ["/* Made by proofs/spec2c from the specification; not to be edited.",
               " * Compile with signed overflow trapped: logic integers have no bounds. */",
               '#include "spec.h"', "",
               "/* A specification may say what the type of an octet says already. */",
               '#pragma GCC diagnostic ignored "-Wtype-limits"', ""]
        out += [*self.world.table_text, ""] if self.world.table_text else []
        out += [code.strip() + "\n" for call, code in BUILTINS.items() if call in text]
        if self.keeping:
            out.append(KEEPING)
            for name in self.functions:
                if name in self.keeping:
                    line = self.prototype(self.functions[name], self.inner(name), True) + ";"
                    out += emit.wrapped(line, 0)
            out.append("")
        return "\n".join(out) + "\n" + text

    def function_text(self, name, definition):
        body = "\n".join(emit.Function(definition, self).write())
        inner = f"once_{name}" if name in self.kept else self.inner(name)
        text = self.whole(definition, inner, body, name in self.keeping)
        text = f"{self.comment(definition)}\n{text}"
        if name not in self.keeping:
            return text
        if name in self.kept:
            text += "\n" + self.kept_text(name, definition)
        args = ", ".join(param for _, param in definition.params)
        call = "\n".join(emit.wrapped(f"return inner_{name}({args});", 1))
        call = "    spec_call++;\n" + call
        return f"{text}\n{self.whole(definition, 'spec_' + name, call)}"

    def whole(self, definition, name, body, static=False):
        prototype = "\n".join(emit.wrapped(self.prototype(definition, name, static), 0))
        return f"{prototype}\n{{\n{body}\n}}\n"

    def kept_text(self, name, definition):
        """The function behind a table of its values: W(t) of SHA-1 would take ages without.

        The table may forget, as a slot holds one value, but never answers for other arguments.
        """
        memory = any(isinstance(kind, tuple) for kind, _ in definition.params)
        stamp = "spec_call" if memory else "1"  # without memory a value holds for ever
        why = "calls itself more than once" if name in self.branching else "is costly"
        count = len(definition.params)
        args = ", ".join(param for _, param in definition.params)
        of = ", ".join(f"(uint64_t){'(uintptr_t)' if isinstance(kind, tuple) else ''}{param}"
                       for kind, param in definition.params)
        value = declare(definition.result, "spec_value")
        text = [f"/* {name} {why}: its values are kept. */"]
        text += emit.wrapped(self.prototype(definition, "inner_" + name, True), 0)
        text += f"""{{
    static _Thread_local struct {{
        uint64_t call, of[{count}];
        {declare(definition.result, "value")};
    }} spec_kept[{KEPT_SLOTS}];""".split("\n")
        text += emit.wrapped(f"const uint64_t spec_of[{count}] = {{ {of} }};", 1)
        text += f"""    const uint64_t spec_slot = spec_mix(spec_of, {count}) % {KEPT_SLOTS};
    if (spec_kept[spec_slot].call != {stamp} ||
        memcmp(spec_kept[spec_slot].of, spec_of, sizeof spec_of) != 0) {{""".split("\n")
        text += emit.wrapped(f"{value} = once_{name}({args});", 2)
        return "\n".join(text) + f"""
        spec_kept[spec_slot].call = {stamp};
        memcpy(spec_kept[spec_slot].of, spec_of, sizeof spec_of);
        spec_kept[spec_slot].value = spec_value;
    }}
    return spec_kept[spec_slot].value;
}}
"""
