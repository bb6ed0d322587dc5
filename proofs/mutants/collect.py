"""Which mutants there are, and which of them a run tries."""

import random

from wp import toolchain

from . import operators, text, tree


def sources():
    """Files of the core that define functions which are proved."""
    core = toolchain.ROOT / "core"
    for path in sorted(core.glob("*.[ch]")):
        content = path.read_text(encoding="utf-8")
        proved = path.suffix == ".c" or path.with_suffix(".c").exists()
        if proved and (path.suffix == ".c" or "static inline" in content) \
                and path.name != "upheld.h":
            yield text.Source(f"core/{path.name}", content)


class Collection:
    """All mutants, with what is needed to apply them."""

    def __init__(self, found):
        self.sources = {source.name: source for source in found}
        self.mutants, self.bodies, self.lost = [], {}, 0
        for source in self.sources.values():
            parsed = tree.Tree(source)
            for function in parsed.functions:
                made, lost = operators.of_function(parsed, function)
                self.mutants += made
                self.lost += lost
                self.bodies[source.name, function.name] = source.tokens[function.body].end

    def changed(self, mutant):
        """The file with the mutant in it."""
        return mutant.apply(self.sources[mutant.file].text)

    def counted(self, mutant):
        """The same, and the function counts how often it is entered."""
        changed, body = self.changed(mutant), self.bodies[mutant.file, mutant.function]
        counter = " extern unsigned long mutant_reached; mutant_reached++;"
        return changed[:body] + counter + changed[body:]

    def chosen(self, file="", function="", only="", seed=1, sample=0, every=False):
        """The mutants of a run, of a file or a function if one is named: by `only` the one of that
        name; by `sample` so many, taken from one function after the other; by `every` all; else
        one of each operator in each function."""
        kept = [one for one in self.mutants if (not file or one.file == file)
                and (not function or one.function == function) and (not only or one.name == only)]
        if not kept:
            raise toolchain.ProofError(f"{only or function or file}: no mutant; expected a file "
                                       "or a function of the core, or the name of a mutant")
        if sample:
            return sampled(kept, sample, seed)
        return kept if every or only else one_of_each(kept, seed)


def one_of_each(mutants, seed):
    """One mutant of each operator in each function; the seed decides at which place."""
    chance = random.Random(seed)
    groups = {}
    for one in mutants:
        groups.setdefault(one.name.rpartition(":")[0], []).append(one)
    return [chance.choice(group) for group in groups.values()]


def sampled(mutants, sample, seed):
    """So many of them, function by function in an order that the seed decides: a run that stops
    early has seen all files. A larger sample begins with the smaller one."""
    chance = random.Random(seed)
    groups = {}
    for one in mutants:
        groups.setdefault((one.file, one.function), []).append(one)
    queues = list(groups.values())
    chance.shuffle(queues)
    for queue in queues:
        chance.shuffle(queue)
    chosen = []
    while len(chosen) < sample and any(queues):
        for queue in queues:
            if queue and len(chosen) < sample:
                chosen.append(queue.pop())
    return chosen
