"""Serves the barometer of the delays of the offices."""

import http.server
import logging

from pythonjsonlogger.json import JsonFormatter


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/", "/healthz") else 404)
        self.end_headers()


if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
