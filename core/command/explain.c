/* explain.c: what a clause demands, what becomes of it, and what proves and tries that; for people
 * or as JSON. */
#include "command.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 78, NEAREST = 3 };

/* Prints "  label: text", broken between words at COLUMNS. */
static void print_wrapped(const char *label, const char *text)
{
    size_t column = (size_t)printf("  %s:", label);
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (column + 1 + word > COLUMNS) {
            column = (size_t)printf("\n   ") - 1;
        }
        column += (size_t)printf(" %.*s", (int)word, text);
        text += word + strspn(text + word, " ");
    }
    putchar('\n');
}

/* Prints what was traced; nothing of a clause that no octet shows. */
static void print_trace(const struct clause_row *row)
{
    const struct clause_trace *trace = clause_traced(row->id);
    const struct {
        const char *label, *names;
    } CELLS[] = {
        { "predicates", trace->predicates }, { "contracts", trace->contracts },
        { "fuzzed", trace->fuzz },           { "vectors", trace->vectors },
        { "unit tests", trace->tests },
    };
    bool shown = strcmp(row->how, "decides") == 0 || strcmp(row->how, "reads") == 0 ||
                 strcmp(row->how, "writes") == 0;
    for (size_t i = 0; shown && i < sizeof CELLS / sizeof CELLS[0]; i++) {
        print_wrapped(CELLS[i].label, CELLS[i].names[0] != '\0' ? CELLS[i].names : "none");
    }
}

static void print_row(const struct clause_row *row)
{
    const struct clause_decided *decided = clause_decided(row->id);
    printf("%s\n", row->id);
    if (decided != NULL) {
        printf("  %s.\n  decided in: %s\n", decided->text, decided->room);
        if (decided->status != 0) {
            printf("  answered with: %d\n", decided->status);
        }
    }
    if (row->verdict != NULL) {
        printf("  verdict: %s\n", row->verdict);
    } else {
        printf("  how it is met: %s\n  where: %s\n", row->how, row->where);
    }
    printf("  source: %s, %s\n  level: %s\n  binds: %s\n", row->document, row->section, row->level,
           row->binds);
    print_wrapped("demands", row->demands);
    print_wrapped("what is done", row->does);
    print_trace(row);
}

/* The members of "a, b" as a list; an empty one for "-". */
static json_t *members(const char *text)
{
    json_t *list = json_array();
    if (strcmp(text, "-") == 0) {
        return list;
    }
    while (*text != '\0') {
        size_t n = strcspn(text, ",");
        if (json_array_append_new(list, json_stringn(text, n)) != 0) {
            json_decref(list);
            return NULL;
        }
        text += n + strspn(text + n, ", ");
    }
    return list;
}

static json_t *row_json(const struct clause_row *row)
{
    const struct clause_decided *decided = clause_decided(row->id);
    bool answered = decided != NULL && decided->status != 0;
    const char *where = decided != NULL ? decided->room : row->where != NULL ? row->where : "-";
    const struct clause_trace *trace = clause_traced(row->id);
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:s, s:s?, s:o, s:o, s:s?, s:s, s:s, s:o, s:o, "
        "s:o, s:o, s:o}",
        "id", row->id, "document", row->document, "section", row->section, "level",
        members(row->level), "binds", members(row->binds), "how", row->how, "verdict", row->verdict,
        "status", answered ? json_integer(decided->status) : json_null(), "where", members(where),
        "text", decided != NULL ? decided->text : NULL, "demands", row->demands, "does", row->does,
        "predicates", members(trace->predicates), "contracts", members(trace->contracts), "fuzz",
        members(trace->fuzz), "vectors", members(trace->vectors), "tests", members(trace->tests));
}

/* Prints a value of JSON, which it takes; a null one is one that memory was lacking for. */
static int print_value(json_t *value, size_t flags)
{
    /* A lost write is not said here: main() reads stdout's error mark, and says it once. */
    bool printed = value != NULL && (json_dumpf(value, stdout, JSON_PRESERVE_ORDER | flags) == 0 ||
                                     ferror(stdout) != 0);
    json_decref(value);
    if (!printed) {
        return command_error("no memory for the JSON text");
    }
    putchar('\n');
    return EXIT_DECIDED;
}

static int list_json(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < clause_count(); i++) {
        if (json_array_append_new(list, row_json(clause_at(i))) != 0) {
            json_decref(list);
            list = NULL;
            break;
        }
    }
    return print_value(list, JSON_INDENT(1));
}

static int list_person(void)
{
    for (size_t i = 0; i < clause_count(); i++) {
        const struct clause_row *row = clause_at(i);
        const struct clause_decided *decided = clause_decided(row->id);
        printf("%-16s%-14s%s\n", row->id, row->how, decided != NULL ? decided->text : row->demands);
    }
    return EXIT_DECIDED;
}

static int unknown(const char *typed)
{
    const char *near[NEAREST];
    char said[NEAREST * (CLAUSE_ID_MAX + 2) + sizeof "; near it: "] = "";
    size_t found = clause_nearest(typed, near, NEAREST);
    for (size_t i = 0; i < found; i++) {
        strcat(said, i == 0 ? "; near it: " : ", ");
        strcat(said, near[i]);
    }
    return command_error("explain: unknown clause '%s'%s; 'upheld explain' lists them all", typed,
                         said);
}

int command_explain(int argc, char **argv)
{
    struct options options;
    if (!options_explain(argc, argv, &options)) {
        return EXIT_UNUSABLE;
    }
    if (options.help) {
        return command_help();
    }
    if (options.operand_count == 0) {
        return options.json ? list_json() : list_person();
    }
    const struct clause_row *row = clause_find(options.operands[0]);
    if (row == NULL) {
        return unknown(options.operands[0]);
    }
    if (options.json) {
        return print_value(row_json(row), 0);
    }
    print_row(row);
    return EXIT_DECIDED;
}
