/* check.c: decides one request, or one reply, from raw octets. */
#include "command.h"

#include <stdlib.h>

/* The octets of the answer, in a block that the caller frees; n is 0 where there is none. */
static bool answer_of(const struct input *in, const struct upheld_policy *policy,
                      struct upheld_decision d, struct input *out)
{
    *out = (struct input){ .n = upheld_response_write(in->p, in->n, policy, d, NULL, 0) };
    if (out->n == 0) {
        return true;
    }
    out->p = malloc(out->n);
    if (out->p == NULL) {
        command_error("no memory for an answer of %zu octets", out->n);
        return false;
    }
    upheld_response_write(in->p, in->n, policy, d, out->p, out->n);
    return true;
}

static bool print(const struct outcome *o, const struct input *answer, bool json)
{
    if (json) {
        return print_json(o, answer);
    }
    print_person(o, answer);
    return true;
}

static bool decide_request(const struct input *in, const struct upheld_policy *policy, bool json)
{
    struct input answer;
    struct upheld_decision d = upheld_request_decide(in->p, in->n, policy);
    if (!answer_of(in, policy, d, &answer)) {
        return false;
    }
    struct outcome o = outcome_of(d, in, policy);
    bool printed = print(&o, &answer, json);
    free(answer.p);
    return printed;
}

/* Nothing is answered to a reply. */
static bool decide_reply(const struct input *in, const struct upheld_client *client, bool json)
{
    static const struct input NOTHING = { 0 };
    struct outcome o = outcome_of_reply(in, client);
    return print(&o, &NOTHING, json);
}

/* One octet over the limit decides any head, so nothing behind it needs to be read. */
static int decide_file(const struct options *options, const struct upheld_policy *policy,
                       const struct upheld_client *client)
{
    struct input in;
    if (!input_read(options->operands[0], (size_t)policy->limits.head + 1, &in)) {
        return EXIT_UNUSABLE;
    }
    bool printed = client != NULL ? decide_reply(&in, client, options->json)
                                  : decide_request(&in, policy, options->json);
    free(in.p);
    return printed ? EXIT_DECIDED : EXIT_UNUSABLE;
}

/* What the options say that the client sent. */
static bool asked_of(const struct options *options, struct asked *out)
{
    if (options->offered_extensions != NULL) {
        command_error("check: --offered-extensions: expected none: what a client offers is deflate "
                      "of --policy");
        return false;
    }
    return (!options->client || asked_deflate("check: deflate of --policy", out)) &&
           (options->key == NULL || asked_key("check: --key", options->key, out)) &&
           (options->offered == NULL || asked_list("check: --offered", options->offered, out));
}

static int check(const struct options *options, const struct upheld_policy *policy)
{
    struct asked asked = asked_nothing(policy);
    int code = EXIT_UNUSABLE;
    if (asked_of(options, &asked)) {
        code = decide_file(options, policy, options->client ? &asked.core : NULL);
    }
    asked_free(&asked);
    return code;
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
    int code = check(&options, &policy.core);
    policy_free(&policy);
    return code;
}
