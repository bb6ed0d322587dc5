"""What C declares around the specification: types, structs, enumerators and constant tables.

Read with pycparser from the preprocessed headers and from what stands in the specification
files outside annotations.
"""
from pycparser import c_ast, c_generator, c_parser

from source import SpecError

# Integer types by width and sign, on the machines that the proof is about (LP64).
INTEGERS = {
    "uint8_t": (8, False), "uint16_t": (16, False), "uint32_t": (32, False),
    "uint64_t": (64, False), "int8_t": (8, True), "int16_t": (16, True), "int32_t": (32, True),
    "int64_t": (64, True), "size_t": (64, False), "_Bool": (1, False), "char": (8, True),
    "signed char": (8, True), "unsigned char": (8, False), "short": (16, True),
    "unsigned short": (16, False), "int": (32, True), "unsigned int": (32, False),
    "long": (64, True), "unsigned long": (64, False),
}
SYNONYMS = {"unsigned": "unsigned int", "signed": "int", "signed int": "int",
            "long int": "long", "unsigned long int": "unsigned long", "bool": "_Bool"}
KNOWN = ["uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t", "int32_t",
         "int64_t", "size_t", "uintptr_t", "intptr_t", "ptrdiff_t"]


class World:
    """Names that logic may use beside its own."""

    def __init__(self):
        self.typedefs = {name: name for name in KNOWN}
        self.typedefs["bool"] = "_Bool"
        self.structs, self.enumerators, self.globals = {}, set(), {}
        self.type_text, self.table_text = [], []

    def resolve(self, kind, where):
        kind = SYNONYMS.get(kind, kind)
        while isinstance(kind, str) and self.typedefs.get(kind, kind) != kind:
            kind = self.typedefs[kind]
        if isinstance(kind, str) and kind not in INTEGERS and kind not in ("integer", "boolean") \
                and not kind.startswith("enum ") and kind not in self.structs:
            raise SpecError(where, f"unknown type '{kind}'")
        return kind

    def field(self, kind, name):
        return self.structs.get(kind, {}).get(name)


def collect(c_lines, spec_files):
    """Parses C text, given as (path, line, text), into a World."""
    world = World()
    text = "".join(f"typedef int {name};\n" for name in KNOWN)
    for path, line, part in c_lines:
        text += f'#line {line} "{path}"\n{part}\n'
    try:
        unit = c_parser.CParser().parse(text, "prelude")
    except c_parser.ParseError as error:
        raise SpecError("C declarations", str(error)) from error
    for node in unit.ext:
        path = node.coord.file if node.coord else "prelude"
        if path != "prelude":
            add(world, node, path in spec_files)
    return world


def add(world, node, ours):
    where = f"{node.coord.file}:{node.coord.line}"
    text = c_generator.CGenerator().visit(node)
    if isinstance(node, c_ast.Typedef):
        world.typedefs[node.name] = kind_of(world, node.type, where)
        if ours:
            world.type_text.append(text + ";")
    elif isinstance(node, c_ast.Decl):
        kind = kind_of(world, node.type, where)
        if node.name and kind is not None:
            world.globals[node.name] = kind
            if ours and node.init is None:
                raise SpecError(where, f"'{node.name}' has no value")
        if ours:
            (world.table_text if node.name else world.type_text).append(text + ";")
    elif ours:
        raise SpecError(where, "only types and constant tables belong in a specification file")


def kind_of(world, node, where):
    """The type of a declaration; None for functions."""
    if isinstance(node, c_ast.FuncDecl):
        return None
    if isinstance(node, c_ast.PtrDecl):
        if isinstance(node.type, c_ast.FuncDecl):
            return ("pointer", "function")
        return ("pointer", kind_of(world, node.type, where))
    if isinstance(node, c_ast.ArrayDecl):
        return ("array", kind_of(world, node.type, where))
    if isinstance(node, c_ast.TypeDecl):
        return kind_of(world, node.type, where)
    if isinstance(node, c_ast.Struct):
        name = f"struct {node.name}"
        if node.decls:
            world.structs[name] = {d.name: kind_of(world, d.type, where) for d in node.decls}
        return name
    if isinstance(node, c_ast.Enum):
        if node.values:
            world.enumerators |= {e.name for e in node.values.enumerators}
        return f"enum {node.name}"
    if isinstance(node, c_ast.IdentifierType):
        name = " ".join(node.names)
        name = SYNONYMS.get(name, name)
        return world.typedefs.get(name, name)
    return "unknown"
