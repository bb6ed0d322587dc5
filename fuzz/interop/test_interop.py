"""The judge fails what it should: each test spoils one thing that `make interop` relies on."""

import base64
import contextlib
import hashlib
import io
import json
import pathlib
import socket
import sys
import tempfile
import types
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "record")]

import echo  # noqa: E402
import interop  # noqa: E402
import octets  # noqa: E402
import record  # noqa: E402
from loopback import HOST, Failure, listening  # noqa: E402
from peer import Peer, decide, spoil_accept  # noqa: E402
from relay import relay  # noqa: E402

# RFC 6455 section 1.3: the key and its accept value.
KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
REQUEST = f"GET /chat HTTP/1.1\r\nHost: a\r\nsec-websocket-key:  {KEY} \r\n\r\n".encode()
ANSWER = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {ACCEPT}\r\n\r\n"
)


def decision(answer=ANSWER, **changed):
    right = {
        "verdict": "SWITCH",
        "status": 101,
        "subprotocol": None,
        "accept": ACCEPT,
        "consumed": len(REQUEST),
        "clauses": [],
        "response_hex": answer.encode().hex(),
    }
    return {**right, **changed}


class Switch(unittest.TestCase):
    def test_the_accept_value_of_the_RFC_is_computed(self):
        self.assertEqual(interop.accept_of(REQUEST), ACCEPT)

    def test_a_right_decision_passes(self):
        self.assertEqual(interop.check_switch(REQUEST, decision(), ()), ACCEPT)

    def test_a_wrong_decision_fails(self):
        wrong = [
            decision(verdict="IGNORE"),
            decision(status=100),
            decision(accept=ACCEPT.lower()),
            decision(consumed=len(REQUEST) - 1),
            decision(subprotocol="chat"),
            decision(response_hex="4"),
            decision(ANSWER.replace("101", "200")),
            decision(ANSWER.replace(ACCEPT, ACCEPT.lower())),
            decision(ANSWER.replace("Connection: Upgrade\r\n", "")),
            decision(ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n")),
            decision(ANSWER.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: x\r\n\r\n")),
            decision(ANSWER + "x"),
            decision(ANSWER[:-2]),
        ]
        for one in wrong:
            with self.subTest(one), self.assertRaises(Failure):
                interop.check_switch(REQUEST, one, ())

    def test_an_offer_must_be_taken(self):
        with self.assertRaises(Failure):
            interop.check_switch(REQUEST, decision(), interop.OFFER)


class Spoiled(unittest.TestCase):
    def test_one_character_that_carries_bits_changes(self):
        answer = ANSWER.encode()
        spoiled = spoil_accept(answer)
        differ = [at for at in range(len(answer)) if answer[at] != spoiled[at]]
        self.assertEqual((len(spoiled), len(differ)), (len(answer), 1))
        value = spoiled.split(b"Accept: ")[1].strip()
        digest = base64.b64decode(value, validate=True)
        self.assertNotEqual(digest, base64.b64decode(ACCEPT))
        self.assertEqual(len(digest), hashlib.sha1().digest_size)

    def test_an_answer_without_accept_value_is_no_control(self):
        with self.assertRaises(Failure):
            spoil_accept(b"HTTP/1.1 400 Bad Request\r\n\r\n")


class Command(unittest.TestCase):
    def test_a_command_that_fails_is_a_failure(self):
        with self.assertRaises(Failure):
            decide("/bin/false", REQUEST)

    def test_a_command_that_prints_no_object_is_a_failure(self):
        with self.assertRaises(Failure):
            decide("/bin/echo", REQUEST)

    def test_a_failure_in_the_server_reaches_the_scenario(self):
        peer = Peer("/bin/false")
        with peer.listening() as port, socket.create_connection((HOST, port), 10) as client:
            client.sendall(REQUEST)
            with self.assertRaisesRegex(Failure, "/bin/false: exit 1"):
                peer.only_exchange()


class Echo(unittest.TestCase):
    def report(self, **changed):
        right = {"open": True, "protocol": "", "clean": True, "error": ""}
        return {**right, "text": echo.TEXT, "hex": echo.OCTETS.hex(), **changed}

    def test_a_right_echo_passes(self):
        echo.check_echo(self.report())
        echo.check_echo(self.report(protocol="chat"), "chat")

    def test_a_wrong_echo_fails(self):
        for changed in ({"open": False}, {"protocol": "chat"}, {"clean": False}, {"text": None},
                        {"text": echo.TEXT + " "}, {"hex": echo.OCTETS.hex()[:-1] + "e"},
                        {"text": echo.OCTETS.hex(), "hex": None}):
            with self.subTest(changed), self.assertRaises(Failure):
                echo.check_echo(self.report(**changed))

    def client(self, text):
        """A client whose connections all open, and bring this text back."""
        def report(_url, _asked):
            return self.report(text=text)
        return types.SimpleNamespace(open=report)

    def test_an_echo_that_should_be_wrong_and_is_right_fails(self):
        site = types.SimpleNamespace(all={"plain": types.SimpleNamespace(port=1)})
        with self.assertRaisesRegex(Failure, "passed for the right one"):
            echo.wrong_echo(self.client(echo.TEXT), site)
        with self.assertRaisesRegex(Failure, "no text"):
            echo.wrong_echo(self.client(None), site)
        echo.wrong_echo(self.client("x"), site)

    def test_an_open_connection_is_no_refusal(self):
        with self.assertRaisesRegex(Failure, "open connection"):
            echo.refused(self.client("x"), "ws://a/", None, "")


class Relay(unittest.TestCase):
    """What the relay changes of a server's octets, and what it leaves."""

    FRAMES = b"\x89\x01p" + b"\x81\x02hi" + b"\x82\x7e\x00\x80" + b"x" * 128 + b"\x88\x00"

    def through(self, **change):
        def serve(connection):
            connection.recv(1)
            connection.sendall(ANSWER.encode() + self.FRAMES)

        with listening(serve) as port, relay(port, **change) as own:
            with socket.create_connection((HOST, own), 10) as client:
                client.sendall(b"x")
                with client.makefile("rb") as source:
                    return source.read()

    def test_nothing_is_changed_unless_asked(self):
        self.assertEqual(self.through(), ANSWER.encode() + self.FRAMES)

    def test_the_first_octet_of_each_message_changes(self):
        changed = self.FRAMES.replace(b"hi", b"ii").replace(b"\x80x", b"\x80y")
        self.assertEqual(self.through(echo=True), ANSWER.encode() + changed)

    def test_one_character_of_the_accept_value_changes(self):
        changed = spoil_accept(ANSWER.encode())
        self.assertEqual(self.through(accept=True), changed + self.FRAMES)


class Octets(unittest.TestCase):
    def test_the_frame_of_the_RFC(self):
        masked = octets.frame(octets.TEXT, b"Hello", b"\x37\xfa\x21\x3d")
        self.assertEqual(masked.hex(), "818537fa213d7f9f4d5158")

    def test_lengths_of_two_and_eight_octets(self):
        self.assertEqual(octets.frame(2, bytes(256), b"")[:4].hex(), "827e0100")
        self.assertEqual(octets.frame(2, bytes(65536), b"")[:10].hex(), "827f0000000000010000")

    def answered(self, answer):
        def serve(connection):
            connection.recv(65536)
            connection.sendall(answer)

        return listening(serve)

    def test_wrong_answers_fail(self):
        right = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        for answer in (right.replace(b"400", b"200"), right[:-2], right + b"x", b"",
                       right.replace(b"close", b"keep-alive"), right.replace(b"0\r", b"1\r")):
            with self.subTest(answer), self.answered(answer) as port, self.assertRaises(Failure):
                octets.status_of(b"x", 400, port)
        with self.answered(right) as port:
            octets.status_of(b"x", 400, port)


class Recorded(unittest.TestCase):
    def judge(self, name, octets, provenance):
        with tempfile.TemporaryDirectory() as made:
            folder = pathlib.Path(made)
            (folder / name).write_bytes(octets)
            (folder / "CLIENTS.md").write_text(provenance, encoding="utf-8")
            results = interop.Results()
            with contextlib.redirect_stdout(io.StringIO()):
                interop.recorded(results, folder, "/bin/false", ["curl"])
            return results.rows

    def provenance(self, name, octets):
        client = interop.all_clients("build")[0]
        return record.INTRO + record.section(name, client, "1.0", (), octets)

    def test_provenance_is_read_back(self):
        name = "client-curl.http"
        rows = self.judge(name, REQUEST, self.provenance(name, REQUEST))
        self.assertEqual([row["version"] for row in rows], ["1.0"])
        self.assertIn("/bin/false: exit 1", rows[0]["detail"])

    def test_other_octets_than_recorded_fail(self):
        name = "client-curl.http"
        rows = self.judge(name, REQUEST + b"x", self.provenance(name, REQUEST))
        self.assertFalse(rows[0]["ok"])
        self.assertIn("SHA-256", rows[0]["detail"])

    def test_a_file_of_unknown_origin_fails(self):
        rows = self.judge("client-curl.http", REQUEST, "")
        self.assertIn("does not say where", rows[0]["detail"])

    def test_a_client_without_recording_fails(self):
        rows = self.judge("client-other.http", REQUEST, "")
        missing = [row for row in rows if row["peer"] == "curl"]
        self.assertEqual([row["ok"] for row in missing], [False])
        self.assertIn("SKIPPED", missing[0]["detail"])


class Written(unittest.TestCase):
    def test_results_are_replaced_whole(self):
        with tempfile.TemporaryDirectory() as made:
            path = pathlib.Path(made) / "interop.json"
            interop.write_json(path, [{"ok": True}])
            before = path.read_text(encoding="utf-8")
            with self.assertRaises(TypeError):
                interop.write_json(path, [object()])
            self.assertEqual(path.read_text(encoding="utf-8"), before)
            self.assertEqual(json.loads(before), [{"ok": True}])


if __name__ == "__main__":
    unittest.main()
