// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.util.TreeSet;
import java.util.stream.Collectors;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.member.KeygenCommand;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// The `application.yml` of a demo deployment's services. All other settings have the services' defaults: tls.crt,
/// tls.key, trust.pem and an SQLite file in the same folder.
final class Settings {
    private Settings() {}

    /// @param service whose settings
    /// @param plan of the whole deployment
    static String yaml(Deployment.Service service, Plan plan) {
        var member = service.member();
        var yaml =
                """
                # %1$s of %2$s, created by shareferry init. To start it alone, in this folder:
                #   java -jar PATH/TO/%1$s.jar
                shareferry:
                  member: %2$s
                  roster: ../roster.json
                  identity-key: %3$s
                  users: %4$s
                """.formatted(service.artifact(), member, KeygenCommand.IDENTITY, MemberCertificates.userName(member));
        return yaml
                + ofRole(service, plan)
                + """
                server:
                  address: 127.0.0.1
                  port: %d
                management:
                  server:
                    port: %d
                """.formatted(
                        service.address().getPort(), service.management().getPort());
    }

    private static String parties(Plan plan) {
        return plan.members().stream()
                .filter(member -> member.role() == Role.PARTY)
                .map(MemberName::toString)
                .collect(Collectors.joining(", "));
    }

    /// The service adds its party's number to the port.
    private static String vm(Plan.Vms vms) {
        var folder = vms.certificates().toAbsolutePath().toString();
        return """
                    vm:
                      port: %d
                      certificates: '%s'
                """.formatted(vms.basePort(), folder.replace("'", "''"));
    }

    /// What differs from the default.
    private static String trust(Plan.Trust trust) {
        var yaml = new StringBuilder();
        if (!trust.honestMajority().isEmpty()) {
            yaml.append("    honest-majority-protocols: ")
                    .append(String.join(", ", new TreeSet<>(trust.honestMajority())))
                    .append('\n');
        }
        if (trust.minThreshold() != Plan.Trust.DEFAULT.minThreshold()) {
            yaml.append("    min-threshold: ").append(trust.minThreshold()).append('\n');
        }
        return yaml.toString();
    }

    private static String ofRole(Deployment.Service service, Plan plan) {
        return switch (service.member().role()) {
            case PARTY ->
                """
                  party:
                    # What the VMs run, as MP-SPDZ calls it: the client's verdict rests on it.
                    protocol: %s
                """.formatted(plan.protocol()) + plan.vms().map(Settings::vm).orElse("");
            case CLIENT -> "  client:\n    parties: " + parties(plan) + "\n    keys: keys\n" + trust(plan.trust());
            case RELAY -> "";
        };
    }
}
