"""test_policy_file.py: a policy as JSON: what each key does, what is refused, and that the schema
says the same as the command."""

import json
import os

import jsonschema

from testing import CORE, Command, per_command, request

load_tests = per_command

PROTOCOL = b"Sec-WebSocket-Protocol: b, a\r\n"
ORIGIN = b"Origin: https://example.com\r\n"
BASIC = {"access": "unauthenticated", "challenge": "Basic realm=x"}

GOOD = [
    {}, {"limits": {}}, {"limits": {"target": 1, "line": 1, "head": 1, "fields": 1}},
    {"limits": {"head": 16777216}}, {"subprotocols": []},
    {"subprotocols": ["a", "!#$%&'*+-.^_`|~"]},
    {"subprotocols": ["a" * 1024]}, {"subprotocols": [f"a{i}" for i in range(64)]}, {"origins": []},
    {"origins": ["null", "https://[::1]:8080"]}, {"origins": ["a"] * 64},
    {"origin_optional": True}, {"access": "granted"}, {"access": "forbidden"},
    {"access": "undecided"}, {"challenge": ""}, BASIC, {**BASIC, "challenge": "a b c"},
    {**BASIC, "challenge": "a" * 1024},
]

# (document, what the error names)
BAD = [
    ([], "object"), ("text", "object"), (None, "object"), (1, "object"),
    ({"limit": {}}, "'limit'"), ({"limits": []}, "limits"), ({"limits": None}, "limits"),
    ({"limits": {"heads": 1}}, "'limits.heads'"), ({"limits": {"head": 0}}, "limits"),
    ({"limits": {"head": -1}}, "limits.head"), ({"limits": {"head": 16777217}}, "limits"),
    ({"limits": {"target": 0}}, "limits"), ({"limits": {"line": 0}}, "limits"),
    ({"limits": {"fields": 0}}, "limits"), ({"limits": {"fields": 16777217}}, "limits"),
    ({"limits": {"head": 2**32 + 1}}, "limits.head"), ({"limits": {"head": "1"}}, "limits.head"),
    ({"limits": {"head": 1.5}}, "limits.head"), ({"limits": {"head": True}}, "limits.head"),
    ({"subprotocols": "chat"}, "subprotocols"), ({"subprotocols": [1]}, "subprotocols"),
    ({"subprotocols": [""]}, "subprotocols"), ({"subprotocols": ["a b"]}, "subprotocols"),
    ({"subprotocols": ["a,b"]}, "subprotocols"), ({"subprotocols": ["\u00e4"]}, "subprotocols"),
    ({"subprotocols": ["a\r\nb"]}, "subprotocols"),
    ({"subprotocols": [f"a{i}" for i in range(65)]}, "subprotocols"),
    ({"subprotocols": ["a", "b", "a"]}, "subprotocols"),
    ({"subprotocols": ["a" * 1025]}, "subprotocols"), ({"origins": ["A"]}, "origins"),
    ({"origins": [""]}, "origins"), ({"origins": ["a b"]}, "origins"),
    ({"origins": ["\u00e4"]}, "origins"), ({"origins": [None]}, "origins"),
    ({"origins": ["a" * 1025]}, "origins"), ({"origins": {}}, "origins"),
    ({"origin_optional": 1}, "origin_optional"), ({"origin_optional": None}, "origin_optional"),
    ({"access": "Granted"}, "access"), ({"access": 1}, "access"), ({"access": ""}, "access"),
    ({"access": "unauthenticated"}, "challenge"), ({**BASIC, "challenge": ""}, "challenge"),
    ({**BASIC, "challenge": "a\r\nX: y"}, "challenge"), ({**BASIC, "challenge": 1}, "challenge"),
    ({**BASIC, "challenge": " a"}, "challenge"), ({**BASIC, "challenge": "a "}, "challenge"),
    ({**BASIC, "challenge": "a\x7f"}, "challenge"), ({**BASIC, "challenge": " "}, "challenge"),
    ({**BASIC, "challenge": "\u00e4"}, "challenge"), ({**BASIC, "challenge": "a\tb"}, "challenge"),
    ({**BASIC, "challenge": "a" * 1025}, "challenge"),
]


class PolicyFile(Command):
    def decide(self, policy, octets):
        path = self.file(json.dumps(policy), "p.json")
        return self.check(octets, "--policy", path)

    def test_the_schema_and_the_command_agree(self):
        with open(os.path.join(CORE, "command", "policy.schema.json"), encoding="ascii") as source:
            schema = json.load(source)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for document in GOOD:
            self.assertTrue(validator.is_valid(document), document)
        for document, _ in BAD:
            self.assertFalse(validator.is_valid(document), document)
        for document in GOOD:
            self.decide(document, request())
        for document, said in BAD:
            with self.subTest(document=document):
                path = self.file(json.dumps(document), "p.json")
                self.refused(self.upheld("check", "--policy", path, os.devnull),
                             "p.json: ", said)

    def test_the_schema_states_the_defaults_and_they_change_nothing(self):
        with open(os.path.join(CORE, "command", "policy.schema.json"), encoding="ascii") as source:
            properties = json.load(source)["properties"]
        policy = {key: value["default"] for key, value in properties.items() if key != "limits"}
        policy["limits"] = {key: value["default"]
                            for key, value in properties["limits"]["properties"].items()}
        field = b"X: " + b"a" * 16381 + b"\r\n"
        requests = [request(add=b"Sec-WebSocket-Protocol: chat\r\n"), request(add=PROTOCOL),
                    request(add=ORIGIN), request("/" + "a" * 7999), request("/" + "a" * 8000),
                    request(add=field), request(add=b"X" + field), request(add=b"X: y\r\n" * 123),
                    request(add=b"X: y\r\n" * 124), request(add=field * 3),
                    request(add=field * 4)]
        statuses = set()
        for octets in requests:
            plain = self.check(octets)
            statuses.add(plain["status"])
            self.assertEqual(self.decide(policy, octets), plain)
            self.assertEqual(self.decide({}, octets), plain)
        self.assertEqual(statuses, {101, 414, 431})

    def test_broken_json_is_named_by_line_and_column(self):
        for text, place in (("{\n  x}", ":2:"), ("", ":1:"), ('{"a": 1} 2', ":1:"),
                            ('{"access": "granted",\n"access": "granted"}', ":2:"),
                            (b"\xff", ":1:"), ('{"challenge": "\\u0000"}', ":1:"),
                            ("[" * 100000, ":1:")):
            path = self.file(text, "p.json")
            self.refused(self.upheld("check", "--policy", path, os.devnull),
                         "p.json" + place, "no JSON")

    def test_a_policy_that_is_no_page_of_text_is_refused(self):
        path = self.file(b" " * (1 << 20) + b"{}", "p.json")
        self.refused(self.upheld("check", "--policy", path, os.devnull), "p.json", "1048576")
        self.refused(self.upheld("check", "--policy", "/dev/zero", os.devnull), "/dev/zero")

    def test_each_limit_bites_at_one_more(self):
        octets = request("/12345", drop=["Upgrade"])  # four field lines
        longest = max(len(row) for row in octets.split(b"\r\n"))
        sizes = {"target": (6, 414), "line": (longest, 431), "head": (len(octets), 431),
                 "fields": (4, 431)}
        for key, (size, status) in sizes.items():
            self.assertEqual(self.decide({"limits": {key: size}}, octets)["verdict"],
                             "IGNORE")
            got = self.decide({"limits": {key: size - 1}}, octets)
            self.assertEqual((got["verdict"], got["status"]), ("REFUSE", status))

    def test_subprotocols_origins_and_access_decide(self):
        cases = [
            ({"subprotocols": ["a"]}, PROTOCOL, 101, "a"),
            ({"subprotocols": ["c"]}, PROTOCOL, 101, None),
            ({"subprotocols": []}, PROTOCOL, 101, None),
            ({"origins": ["https://example.com"]}, ORIGIN, 101, None),
            ({"origins": ["https://example.com"]}, b"", 403, None),
            ({"origins": ["https://example.com"], "origin_optional": True}, b"", 101, None),
            ({"origins": ["https://example.co"], "origin_optional": True}, ORIGIN, 403, None),
            ({"access": "forbidden"}, b"", 403, None), ({"access": "undecided"}, b"", 403, None),
            (BASIC, b"", 401, None),
        ]
        for policy, add, status, subprotocol in cases:
            with self.subTest(policy=policy):
                got = self.decide(policy, request(add=add))
                self.assertEqual((got["status"], got["subprotocol"]), (status, subprotocol))
                if status == 401:
                    self.assertIn(b"\r\nWWW-Authenticate: Basic realm=x\r\n",
                                  bytes.fromhex(got["response_hex"]))

    def test_the_example_is_accepted_and_does_what_it_says(self):
        path = os.path.join(CORE, "example", "policy.json")
        got = self.check(request(add=ORIGIN), "--policy", path)
        self.assertEqual(got["status"], 101)
        self.assertEqual(self.check(request(), "--policy", path)["status"], 403)
