/* check.c: decides one request from raw octets. */
#include "command.h"

#include <stdlib.h>

/* One octet over the limit decides any head, so nothing behind it needs to be read. */
static int decide_file(const char *name, const struct upheld_policy *policy, bool json)
{
    struct input in;
    if (!input_read(name, (size_t)policy->limits.head + 1, &in)) {
        return EXIT_UNUSABLE;
    }
    bool printed = json ? print_json(&in, policy) : print_person(&in, policy);
    free(in.p);
    return printed ? EXIT_DECIDED : EXIT_UNUSABLE;
}

int command_check(int argc, char **argv)
{
    struct options options;
    struct policy policy;
    if (!options_check(argc, argv, &options)) {
        return EXIT_UNUSABLE;
    }
    if (options.help) {
        return command_help();
    }
    if (!policy_load(options.policy, &policy)) {
        return EXIT_UNUSABLE;
    }
    int code = decide_file(options.operands[0], &policy.core, options.json);
    policy_free(&policy);
    return code;
}
