# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Adds up the reports of Surefire and Failsafe. Fails if an engine is available (--containers yes) but a container test
did not run, or if a test of the Kubernetes manifests did not run."""

import argparse
import glob
import sys
import xml.etree.ElementTree as tree

NAMES = ("tests", "failures", "errors", "skipped")


def summary(reports):
    total = dict.fromkeys(NAMES, 0)
    for report in reports:
        suite = tree.parse(report).getroot()
        for name in NAMES:
            total[name] += int(suite.get(name, 0))
    return total


def words(total):
    return "Tests run: {tests}, Failures: {failures}, Errors: {errors}, Skipped: {skipped}".format(**total)


arguments = argparse.ArgumentParser()
arguments.add_argument("--containers", choices=("yes", "no"), required=True)
engine = arguments.parse_args().containers == "yes"

contained = summary(
    glob.glob("*/target/surefire-reports/TEST-*OnPostgresTest*.xml")
    + glob.glob("container-tests/target/failsafe-reports/TEST-org.shareferry.containers.[A-Z]*.xml")
)
print("in containers:", words(contained))
if engine and (contained["tests"] == 0 or contained["skipped"] > 0):
    sys.exit("A container engine is available, but container tests did not run.")
manifests = summary(glob.glob("container-tests/target/failsafe-reports/TEST-*.containers.kubernetes.*.xml"))
print("manifests:", words(manifests))
if manifests["tests"] == 0 or manifests["skipped"] > 0:
    sys.exit("Tests of the Kubernetes manifests did not run: is a kubectl with kustomize installed?")
print(
    words(
        summary(
            glob.glob("*/target/surefire-reports/TEST-*.xml") + glob.glob("*/target/failsafe-reports/TEST-*.xml")
        )
    )
)
