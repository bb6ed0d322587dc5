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
    {**BASIC, "challenge": "a" * 1024}, {"protocols": []},
    {"protocols": ["websocket", "TLS/1.0", "connect-udp", "connect-ip"]},
    {"protocols": ["h2c"], "allow_h2c": True}, {"allow_h2c": True},
    {"protocols": [{"name": f"a{i}"} for i in range(16)]},
    {"protocols": [{"name": "a" * 1024, "version": "V" * 1024, "answer": "x" * 1024}]},
    {"protocols": [{"name": "a", "version": "", "methods": "any", "body": True,
                    "capsules": True, "answer": "a, b"}]},
    {"required": ""}, {"required": "a b"}, {"required": "a" * 1024}, {"body_limit": 0},
    {"body_limit": 4294967295}, {"prefer_own": True, "subprotocol_needed": True},
    {"canonical_key": True, "keep_alive": True, "secure": True, "bare_lf": True},
    {"deflate": {}}, {"deflate": {"enabled": False, "min_window_bits": 15}},
    {"deflate": {"enabled": True, "server_no_context_takeover": True,
                 "client_no_context_takeover": False}},
    *({"deflate": {"server_max_window_bits": bits, "client_max_window_bits": bits,
                   "min_window_bits": bits}} for bits in (0, *range(8, 16))),
    {"deflate": {"server_max_window_bits": 9}}, {"deflate": {"client_max_window_bits": 8}},
]

# (document, what the error names)
BAD = [
    *(({"protocols": [{"name": "a", **row}]}, "protocols") for row in (
        {"name": ""}, {"name": "A"}, {"name": "a b"}, {"name": "a/1"}, {"name": "a\r\nb"},
        {"name": 1}, {"name": "a" * 1025}, {"name": "websocket"}, {"name": "h2"},
        {"name": "h2c"}, {"version": "1 0"}, {"version": "a/b"}, {"version": "a\r\nb"},
        {"version": 1}, {"version": "1" * 1025, "answer": "a"}, {"answer": ""},
        {"answer": "a\r\nX: y"}, {"answer": " a"}, {"answer": "a "}, {"answer": "\u00e4"},
        {"answer": 1}, {"answer": "a" * 1025}, {"methods": "get"}, {"methods": "POST"},
        {"methods": 1}, {"methods": None}, {"body": 1}, {"capsules": "yes"}, {"checks": 1})),
    ({"protocols": "websocket"}, "protocols"), ({"protocols": {}}, "protocols"),
    ({"protocols": [1]}, "protocols"), ({"protocols": [None]}, "protocols"),
    ({"protocols": [{}]}, "protocols"), ({"protocols": ["WebSocket"]}, "protocols"),
    ({"protocols": ["tls/1.0"]}, "protocols"), ({"protocols": ["h2c"]}, "h2c"),
    ({"protocols": ["h2c"], "allow_h2c": False}, "h2c"), ({"protocols": ["h2"]}, "protocols"),
    ({"protocols": ["TLS/1.0", "websocket", "TLS/1.0"]}, "protocols"),
    ({"protocols": [{"name": f"a{i}"} for i in range(17)]}, "protocols"),
    ({"required": 1}, "required"), ({"required": None}, "required"),
    ({"required": "a\r\nX: y"}, "required"), ({"required": " a"}, "required"),
    ({"required": "a "}, "required"), ({"required": "a" * 1025}, "required"),
    ({"body_limit": -1}, "body_limit"), ({"body_limit": 4294967296}, "body_limit"),
    ({"body_limit": "1"}, "body_limit"), ({"body_limit": 1.5}, "body_limit"),
    *(({flag: 1}, flag) for flag in ("prefer_own", "subprotocol_needed", "canonical_key",
                                     "keep_alive", "secure", "allow_h2c", "bare_lf")),
    *(({"deflate": value}, "deflate") for value in (None, True, [], "on", {"window": 9},
                                                    {"enabled": 1}, {"enabled": None},
                                                    {"client_no_context_takeover": "yes"})),
    *(({"deflate": {key: value}}, "deflate") for value in (-1, 7, 16, 255, 256, 264, "9", 9.5, None)
      for key in ("server_max_window_bits", "client_max_window_bits", "min_window_bits")),
    *(({"deflate": {"server_max_window_bits": most, "min_window_bits": most + 1}}, "deflate")
      for most in range(8, 15)), ({"deflate": {"server_max_window_bits": 8}}, "deflate"),
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

    def test_a_row_that_another_one_asks_for_is_refused(self):
        """The schema has no words for it."""
        for rows in ([{"name": "a"}, {"name": "a", "methods": "any"}],
                     ["TLS/1.0", {"name": "tls", "version": "1.0"}],
                     ["connect-udp", {"name": "connect-udp", "version": ""}]):
            path = self.file(json.dumps({"protocols": rows}), "p.json")
            self.refused(self.upheld("check", "--policy", path, os.devnull), "p.json: protocols")

    def test_protocols_decide(self):
        own = {"name": "own", "version": "2", "methods": "OPTIONS"}
        cases = [
            (["TLS/1.0"], "GET", "tls/1.0", "TLS/1.0, HTTP/1.1", None),
            (["TLS/1.0"], "GET", "TLS/1.1", None, None),
            (["TLS/1.0"], "GET", "websocket", None, None),
            (["connect-ip", "connect-udp"], "GET", "connect-udp", "connect-udp", None),
            ([own], "OPTIONS", "OWN/2", "own/2", None), ([own], "GET", "own/2", None, 405),
            ([own], "OPTIONS", "own", None, None),
            ([{**own, "answer": "own/2, HTTP/1.1"}], "OPTIONS", "own/2", "own/2, HTTP/1.1", None),
            ([{"name": "own", "version": ""}], "GET", "own", "own", None),
            ([{"name": "own", "capsules": True}], "GET", "own", "own", None),
        ]
        for rows, method, asked, named, status in cases:
            with self.subTest(rows=rows, asked=asked):
                octets = (f"{method} / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n"
                          f"Upgrade: {asked}\r\n\r\n").encode()
                got = self.decide({"protocols": rows}, octets)
                self.assertEqual((got["protocol"], got["status"], got["accept"]),
                                 (named, 101 if named else status, None))
                answer = bytes.fromhex(got["response_hex"]).decode()
                self.assertEqual(f"\r\nUpgrade: {named}\r\n" in answer, named is not None)
                capsules = asked == "connect-udp" or "capsules" in rows[0]
                self.assertEqual("\r\nCapsule-Protocol: ?1\r\n" in answer, capsules)

    def test_required_bodies_and_switches_decide(self):
        plain = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        tls = (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: TLS/1.0\r\n"
               b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        h2c = (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, http2-settings\r\n"
               b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")
        rows = {"protocols": ["websocket", "TLS/1.0", "h2c"], "allow_h2c": True}
        spare = request(drop=["Sec-WebSocket-Key"],
                        add=b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n")
        both = tls.replace(b"TLS/1.0", b"h2c, TLS/1.0").replace(b"Content-Length: 5\r\n", b"")
        # the request, keys that change what comes of it: from status and key to status and key
        cases = [
            (plain, {"required": "TLS/1.0"}, "status", None, 426),
            ({"required": "x"}, plain, {"keep_alive": True}, "close", True, False),
            (tls, {"body_limit": 5}, "status", None, 101),
            (tls, {"body_limit": 5}, "body_first", None, 5),
            (tls.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
             {"body_limit": 1}, "body_first", None, "chunked"),
            (tls, {"body_limit": 4}, "status", None, 413),
            (h2c, {"secure": True}, "status", 101, None),
            (spare, {"canonical_key": True}, "status", 101, 400),
            (request(add=PROTOCOL), {"subprotocol_needed": True}, "status", 101, 400),
            (plain.replace(b"\r\n", b"\n"), {"bare_lf": True}, "verdict", "REFUSE", "IGNORE"),
            (both, {"prefer_own": True}, "protocol", None, "TLS/1.0, HTTP/1.1"),
        ]
        for case in cases:
            base = {**rows, **(case[0] if isinstance(case[0], dict) else {})}
            octets, change, key, without, with_it = case[-5:]
            with self.subTest(change=change, key=key):
                self.assertEqual(self.decide(base, octets)[key], without)
                self.assertEqual(self.decide({**base, **change}, octets)[key], with_it)

    def test_deflate_decides(self):
        offer = b"Sec-WebSocket-Extensions: permessage-deflate"
        on = {"enabled": True}
        cases = [
            ({}, b"", None), ({"enabled": False}, b"", None), (on, b"", ""),
            (on, b"; x", None), (on, b"; server_max_window_bits=08", None),
            ({**on, "server_no_context_takeover": True}, b"", "; server_no_context_takeover"),
            ({**on, "client_no_context_takeover": True}, b"", "; client_no_context_takeover"),
            ({**on, "server_max_window_bits": 11}, b"", "; server_max_window_bits=11"),
            ({**on, "client_max_window_bits": 11}, b"", None),
            ({**on, "client_max_window_bits": 11}, b"; client_max_window_bits",
             "; client_max_window_bits=11"),
            (on, b"; server_max_window_bits=8", None),
            ({**on, "min_window_bits": 8}, b"; server_max_window_bits=8",
             "; server_max_window_bits=8"),
        ]
        for deflate, more, answer in cases:
            with self.subTest(deflate=deflate, more=more):
                got = self.decide({"deflate": deflate}, request(add=offer + more + b"\r\n"))
                said = None if answer is None else "permessage-deflate" + answer
                self.assertEqual((got["status"], got["extensions"]), (101, said))
                line = f"\r\nSec-WebSocket-Extensions: {said}\r\n"
                octets = bytes.fromhex(got["response_hex"]).decode()
                self.assertEqual(line in octets, said is not None)
                self.assertEqual("Sec-WebSocket-Extensions" in octets, said is not None)
        got = self.decide({"deflate": on}, request(add=offer + b";\r\n"))
        self.assertEqual((got["status"], got["extensions"]), (400, None))

    def test_a_person_reads_what_was_agreed(self):
        octets = self.file(request(add=b"Sec-WebSocket-Extensions: permessage-deflate\r\n"))
        for policy, said in (("{}", "none"),
                             ('{"deflate": {"enabled": true}}', "permessage-deflate")):
            got = self.upheld("check", "--policy", self.file(policy, "p.json"), octets)
            self.assertIn(f"\nextensions   {said}\n", got.stdout.decode())

    def test_a_person_reads_the_protocol_and_the_body(self):
        octets = (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: tls/1.0\r\n"
                  b"%s\r\n")
        policy = self.file('{"protocols": ["TLS/1.0"], "body_limit": 9}', "p.json")
        for lines, body in ((b"Content-Length: 5\r\n", "5 octets"), (b"", "none"),
                            (b"Transfer-Encoding: chunked\r\n", "chunked"),
                            (b"Content-Length: 9\r\nExpect: 100-continue\r\n",
                             "9 octets, behind 100 (Continue)")):
            got = self.upheld("check", "--policy", policy, self.file(octets % lines))
            self.assertEqual((got.stderr, got.returncode), (b"", 0))
            self.assertIn("\nprotocol     TLS/1.0, HTTP/1.1\n", got.stdout.decode())
            self.assertIn("\naccept       none\n", got.stdout.decode())
            self.assertIn(f"\nbody first   {body}\n", got.stdout.decode())

    def test_the_example_is_accepted_and_does_what_it_says(self):
        path = os.path.join(CORE, "example", "policy.json")
        got = self.check(request(add=ORIGIN), "--policy", path)
        self.assertEqual(got["status"], 101)
        self.assertEqual(self.check(request(), "--policy", path)["status"], 403)
