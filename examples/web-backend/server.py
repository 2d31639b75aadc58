#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""A web backend that shows results of a client service, with Python's standard library and clients/python.

    PYTHONPATH=clients/python python3 examples/web-backend/server.py site/C0

Then open http://127.0.0.1:8091/. Browsers talk to this backend only, so the certificate stays here. The backend listens
on this machine only.
"""
import argparse
import html
import http.server
import json
import re

from shareferry_client import Client, NotVerifiedError, ServiceError

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Results</title>
<h1>Results</h1>
<ul>{items}</ul>
"""


def shown(result):
    """Values are strings, because JavaScript rounds numbers beyond 2^53."""
    return {"id": result.id, "label": str(result.label), "values": [str(value) for value in result.values]}


class Handler(http.server.BaseHTTPRequestHandler):
    site = None

    def do_GET(self):
        if self.path == "/":
            return self.page()
        match = re.fullmatch(r"/values/(-?[0-9]{1,19})", self.path)
        if match:
            return self.values(int(match.group(1)))
        return self.answer(404, {"error": "Not found."})

    def page(self):
        with Client.from_dir(self.site) as client:
            results = client.results(limit=20)
        items = "".join(
            f'<li><a href="/values/{result.label}">label {result.label}</a>: {result.count} values, '
            f"{html.escape(result.verdict or result.state)}</li>" for result in results)
        self.send(200, "text/html; charset=utf-8", PAGE.format(items=items))

    def values(self, label):
        try:
            with Client.from_dir(self.site) as client:
                self.answer(200, shown(client.wait(label=label, timeout=20)))
        except NotVerifiedError:
            self.answer(409, {"error": "The newest result with this label is not VERIFIED."})
        except TimeoutError:
            self.answer(404, {"error": "No result with this label has a verdict yet."})
        except (ServiceError, OSError) as error:
            self.log_error("the client service: %s", error)
            self.answer(502, {"error": "The client service is not reachable or refused the request."})

    def answer(self, status, content):
        self.send(status, "application/json", json.dumps(content))

    def send(self, status, media_type, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser(description="Show results of a client service.")
    parser.add_argument("site", help="the client's folder, such as site/C0")
    parser.add_argument("--port", type=int, default=8091, help="0 for any (8091)")
    arguments = parser.parse_args()
    Handler.site = arguments.site
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
