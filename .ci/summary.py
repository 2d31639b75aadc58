# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
"""Adds up what Surefire and Failsafe reported, in their own words."""

import glob
import xml.etree.ElementTree as tree

names = ("tests", "failures", "errors", "skipped")
total = dict.fromkeys(names, 0)
for report in glob.glob("*/target/surefire-reports/TEST-*.xml") + glob.glob("*/target/failsafe-reports/TEST-*.xml"):
    suite = tree.parse(report).getroot()
    for name in names:
        total[name] += int(suite.get(name, 0))
print("Tests run: {tests}, Failures: {failures}, Errors: {errors}, Skipped: {skipped}".format(**total))
