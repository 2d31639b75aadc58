// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;

/// The next steps while a demo runs: commands to paste and addresses to open.
final class DemoInstructions {
    private static final long DEFAULT_LABEL = 0;
    private static final int DEFAULT_BITS = 64;

    private final Deployment deployment;
    private final CapturedRun capture;
    private final Protocol ran;

    /// @param capture what the demo has shown
    /// @param ran its protocol
    DemoInstructions(Deployment deployment, CapturedRun capture, Protocol ran) {
        this.deployment = deployment;
        this.capture = capture;
        this.ran = ran;
    }

    List<String> lines() {
        var example = capture.example();
        var party = MemberName.party(1);
        var lines = new ArrayList<String>();
        lines.add("Use another terminal to see more. Run this line there first, also for the commands of README.md:");
        lines.add("  export D=" + quoted(deployment.folder().toAbsolutePath()) + " "
                + deployment.services().stream()
                        .map(service -> service.member() + "=" + service.address())
                        .collect(Collectors.joining(" "))
                + " ID=" + example.id());
        lines.add("  # what " + example.recipient() + " received");
        lines.add("  " + curl(example.recipient(), "", "/v1/results"));
        lines.add("  # the values, as CSV");
        lines.add("  " + curl(example.recipient(), "-H 'Accept: text/csv' ", "/v1/results/" + example.id()));
        lines.add("  # what became of the delivery, at " + party + " and at the relay");
        lines.add("  " + curl(party, "", "/v1/deliveries/" + example.id()));
        lines.add("  " + curl(Plan.RELAY, "", "/v1/deliveries/" + example.id()));
        lines.add("Or open the pages in a browser. First import the named certificate (password "
                + MemberCertificates.DEFAULT_PASSWORD + "):");
        for (var service : deployment.services()) {
            lines.add("  " + service.member() + "  " + service.address() + "/  " + file(service, "user.p12"));
        }
        lines.add("Give " + example.recipient() + " an input for the next program that asks with this label:");
        lines.add("  " + input(example.recipient()));
        return lines;
    }

    /// The parameters of the captured run's request, or a program's defaults.
    private String input(MemberName client) {
        var asked = capture.inputs().stream().findFirst();
        var parties = capture.parties().stream().map(MemberName::toString).collect(Collectors.joining(","));
        var command = "echo 42 | shareferry input --dir "
                + quoted(deployment.folder().toAbsolutePath())
                + " --member " + client
                + " --label " + asked.map(CapturedInput::label).orElse(DEFAULT_LABEL)
                + " --parties " + parties
                + " --protocols " + ran.text()
                + " --precision " + asked.map(CapturedInput::precision).orElse(0)
                + " --bits " + asked.map(CapturedInput::bits).orElse(DEFAULT_BITS)
                + " --format csv -";
        return LauncherName.byLauncher().in(command);
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
