# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Prints the values of the newest result with a generated client: address and folder of the client."""
import sys

from shareferry_generated import ApiClient, Configuration
from shareferry_generated.api.results_api import ResultsApi

address, folder = sys.argv[1:]
configuration = Configuration(host=address, ssl_ca_cert=f"{folder}/tls.crt")
configuration.cert_file = f"{folder}/user.crt"
configuration.key_file = f"{folder}/user.key"
with ApiClient(configuration) as client:
    api = ResultsApi(client)
    newest = api.list_results(label=0, limit=1).results[0]
    result = api.show_result(newest.id, parties=",".join(newest.parties))
    print(result.verdict, result.label, *result.values)
