import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeArchive:
    """A small server that speaks the standard protocol, told what to answer.

    ``answers`` are taken one by one, the last one stays: accept, refuse, error, junk,
    expired, forward, silence. What arrived is kept by number, as the real one does.
    """

    def __init__(self):
        self.answers = ["accept"]
        self.tokens = 0
        self.password = "secret"
        self.uploads = []
        self.records = {}
        self.silence = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(size))
                status, answer = fake._answer(self.path, body)
                content = answer.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.silence.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _answer(self, path, body):
        if path == "/token":
            if body.get("companypassword") != self.password:
                return 200, json.dumps({"code": "0", "status": "wrong password"})
            self.tokens += 1
            return 200, json.dumps({"access_token": f"token-{self.tokens}"})
        if path != "/upload":
            return 404, "not here"
        self.uploads.append(body)
        kind = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if body.get("access_token") != f"token-{self.tokens}" or kind == "expired":
            return 200, json.dumps({"code": "401", "status": "token expired"})
        if kind == "silence":
            self.silence.wait(20)
        if kind in ("accept", "silence"):
            self.records[body["basicInfo"]["costlistcode"]] = body
            return 200, json.dumps({"code": "1", "status": "ok"})
        if kind == "refuse":
            answer = {"code": "7", "status": "VIN 格式错误"}
            return 200, json.dumps(answer, ensure_ascii=False)
        if kind == "junk":
            return 200, "<html>maintenance</html>"
        if kind == "forward":
            return 302, ""
        return 500, json.dumps({"code": "9", "status": "database down"})
