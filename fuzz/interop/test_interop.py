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

import caller  # noqa: E402
import echo  # noqa: E402
import interop  # noqa: E402
import octets  # noqa: E402
import ours  # noqa: E402
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


class OurClient(unittest.TestCase):
    """What is made of the words of our client."""

    def said(self, out="a\n\n", status=0, err="client: open\n"):
        return ours.Said(status, out, err)

    def client(self, said):
        """A client that says this, whatever it is told to do."""
        return types.SimpleNamespace(run=lambda *_words, **_more: said)

    def test_a_right_echo_passes(self):
        ours.check_echo(self.said(), ["a", ""])
        ours.check_echo(self.said(err="client: open, subprotocol b\n"), ["a", ""], "b")
        ours.check_echo(self.said(""), [])

    def test_a_wrong_echo_fails(self):
        for said in (self.said("b\n\n"), self.said("a\n"), self.said("a\n\n\n"),
                     self.said("a\n\nb"), self.said("\na\n"), self.said(status=1),
                     self.said(err=""),
                     self.said(err="client: open\nERROR: LeakSanitizer\n"),
                     self.said(err="client: open, subprotocol b\n")):
            with self.subTest(vars(said)), self.assertRaises(Failure):
                ours.check_echo(said, ["a", ""])
        with self.assertRaises(Failure):
            ours.check_echo(self.said(), ["a", ""], "b")

    def test_a_failure_is_one_line_for_its_reason(self):
        right = self.said("", 1, "client: refused\n")
        self.assertEqual(ours.check_failure(right, "refused"), "refused")
        opened = self.said("", 1, "client: open\nclient: refused\n")
        ours.check_failure(opened, "refused", opened=True)
        for said in (self.said("", 0, "client: refused\n"), self.said("", 2, "client: refused\n"),
                     self.said("x\n", 1, "client: refused\n"), self.said("", 1, "client: late\n"),
                     self.said("", 1, ""), self.said("", 1, "refused\n"), opened,
                     self.said("", 1, "client: refused\nagain\n"),
                     self.said("", 1, "client: refused")):
            with self.subTest(vars(said)), self.assertRaises(Failure):
                ours.check_failure(said, "refused")
        with self.assertRaises(Failure):
            ours.check_failure(right, "refused", opened=True)

    def test_an_open_connection_is_no_refusal(self):
        with self.assertRaises(Failure):
            ours.refused(self.client(self.said()), "ws://a/", "")
        with self.assertRaises(Failure):
            ours.wrong_accept(self.client(self.said()), 1)

    def test_a_changed_accept_value_fails_with_its_clause_alone(self):
        with self.assertRaisesRegex(Failure, "another reason"):
            ours.wrong_accept(self.client(self.said("", 1, "client: it fails R6455-4.1-15\n")), 1)
        ours.wrong_accept(self.client(self.said("", 1, "client: it fails R6455-4.1-16\n")), 1)

    def test_an_echo_that_should_be_wrong_and_is_right_fails(self):
        sent = []

        def run(_url, messages):
            sent[:] = messages
            return self.said("".join(message + "\n" for message in messages))

        with self.assertRaisesRegex(Failure, "passed for the right one"):
            ours.wrong_echo(types.SimpleNamespace(run=run), 1)
        self.assertEqual([len(message) for message in sent[:-1]], list(ours.SIZES))
        with self.assertRaisesRegex(Failure, "another reason"):
            ours.wrong_echo(self.client(self.said("", 1, "client: late\n")), 1)

    def test_a_library_that_is_not_there_is_skipped_and_fails(self):
        results = interop.Results()
        with contextlib.redirect_stdout(io.StringIO()):
            ours.libraries(results, None, [], None)
        self.assertEqual([row["peer"] for row in results.rows], list(ours.LIBRARIES))
        self.assertEqual(results.failed(), len(ours.LIBRARIES))


class BadServer(unittest.TestCase):
    """What a server of ours sees wrong with a client reaches the scenario."""

    def meet(self, act, octets):
        with caller.server(act) as url:
            port = int(url.rstrip("/").rpartition(":")[2])
            with socket.create_connection((HOST, port), 10) as client:
                client.sendall(octets)
                client.shutdown(socket.SHUT_WR)
                with client.makefile("rb") as source:
                    return source.read()

    def test_the_101_has_the_accept_value_of_the_RFC(self):
        head = self.meet(lambda one: one.send(one.switch()), REQUEST)
        interop.check_answer(head, ACCEPT, None)

    def test_half_a_request_fails(self):
        with self.assertRaisesRegex(Failure, "in the middle of its request"):
            self.meet(lambda one: one.request(), REQUEST[:-1])

    def test_a_masked_frame_is_read_and_one_without_mask_fails(self):
        def act(one):
            one.request()
            one.expect_frame(octets.TEXT, b"Hello")

        self.meet(act, REQUEST + octets.frame(octets.TEXT, b"Hello"))
        for wrong in (octets.frame(octets.TEXT, b"Hello", mask=b""),
                      octets.frame(octets.TEXT, b"hello"), octets.frame(octets.BINARY, b"Hello"),
                      octets.frame(octets.TEXT, b"Hello")[:-1], b""):
            with self.subTest(wrong), self.assertRaises(Failure):
                self.meet(act, REQUEST + wrong)

    def test_a_client_that_speaks_too_early_or_too_long_fails(self):
        def early(one):
            one.request()
            one.silent()

        def late(one):
            one.request()
            one.expect_end()

        with self.assertRaisesRegex(Failure, "speaks when it should wait"):
            self.meet(early, REQUEST)
        with self.assertRaisesRegex(Failure, "should end"):
            self.meet(late, REQUEST + b"x")


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
