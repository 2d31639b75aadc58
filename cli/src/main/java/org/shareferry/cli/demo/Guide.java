// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.Plan;
import org.shareferry.member.MemberName;

/// How to go on while a demo runs: commands to paste and addresses to open.
final class Guide {
    private final Deployment deployment;
    private final Capture.Expected example;

    /// @param example the delivery to ask for
    Guide(Deployment deployment, Capture.Expected example) {
        this.deployment = deployment;
        this.example = example;
    }

    List<String> lines() {
        var party = MemberName.party(1);
        var lines = new ArrayList<String>();
        lines.add("Ask on, in another terminal:");
        lines.add("  # what " + example.recipient() + " received");
        lines.add("  " + curl(example.recipient(), "", "/v1/results"));
        lines.add("  # the values, as CSV");
        lines.add("  " + curl(example.recipient(), "-H 'Accept: text/csv' ", "/v1/results/" + example.id()));
        lines.add("  # what became of the delivery, at " + party + " and at the relay");
        lines.add("  " + curl(party, "", "/v1/deliveries/" + example.id()));
        lines.add("  " + curl(Plan.RELAY, "", "/v1/deliveries/" + example.id()));
        lines.add("Or look at the API in a browser, into which you import the certificate named (password "
                + MemberCertificates.DEFAULT_PASSWORD + "):");
        for (var service : deployment.services()) {
            lines.add("  " + service.member() + "  " + service.address() + "/swagger-ui.html  "
                    + file(service, "user.p12"));
        }
        return lines;
    }

    private String curl(MemberName member, String options, String path) {
        var service = deployment.of(member);
        return "curl -sS " + options
                + "--cert " + quoted(file(service, MemberCertificates.USER))
                + " --key " + quoted(file(service, MemberCertificates.USER_KEY))
                + " --cacert " + quoted(file(service, MemberCertificates.SERVICE))
                + " " + service.address() + path;
    }

    private Path file(Deployment.Service service, String name) {
        return deployment.folderOf(service).toAbsolutePath().resolve(name);
    }

    /// @return the path as one word of a POSIX shell
    static String quoted(Path path) {
        var text = path.toString();
        return text.matches("[A-Za-z0-9_./+:@%-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
