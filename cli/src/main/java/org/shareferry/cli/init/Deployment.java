// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The services of a demo deployment and their addresses, from its file `services.json`. A real member
/// has only its own service, from shareferry.yml; a demo has all.
///
/// @param folder of the deployment, or the file that lists the services
/// @param services parties, the relay, clients
/// @param folders those of members that are elsewhere
public record Deployment(Path folder, List<Service> services, Map<MemberName, Path> folders) {
    static final String FILE = "services.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Deployment {
        services = List.copyOf(services);
        folders = Map.copyOf(folders);
    }

    /// With each member's folder in that of the deployment.
    public Deployment(Path folder, List<Service> services) {
        this(folder, services, Map.of());
    }

    /// One member's service.
    ///
    /// @param member whose
    /// @param address `https://host:port`
    /// @param management `http://host:port` for health and metrics; the address itself where nobody asks for them
    public record Service(MemberName member, URI address, URI management) {
        /// Of a service that is only asked, and not run.
        public Service(MemberName member, URI address) {
            this(member, address, address);
        }

        /// @return the name of its module and jar
        public String artifact() {
            return member.role().text() + "-service";
        }
    }

    /// @return the folder with the member's keys, certificates, settings and database
    public Path folderOf(Service service) {
        var inside = folder.resolve(service.member().toString());
        return folders.getOrDefault(service.member(), inside);
    }

    /// @return the services of members of this role, by number
    public List<Service> ofRole(Role role) {
        return services.stream().filter(s -> s.member().role() == role).toList();
    }

    /// @return the service of this member
    /// @throws IllegalArgumentException when the deployment has none
    public Service of(MemberName member) {
        return services.stream()
                .filter(s -> s.member().equals(member))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The deployment has no " + member + "."));
    }

    /// @param member as a user named it
    /// @throws CommandException when the deployment has no such member
    public Service require(MemberName member) throws CommandException {
        return services.stream()
                .filter(service -> service.member().equals(member))
                .findFirst()
                .orElseThrow(() -> new CommandException(folder + " has no member " + member + "; it has "
                        + services.stream()
                                .map(service -> service.member().toString())
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    void write() throws CommandException {
        var root = JSON.createObjectNode();
        var list = root.putArray("services");
        for (var service : services) {
            list.addObject()
                    .put("member", service.member().toString())
                    .put("address", service.address().toString())
                    .put("management", service.management().toString());
        }
        NewFiles.writePublic(folder.resolve(FILE), JSON.writeValueAsString(root) + "\n");
    }

    /// @param folder created by `shareferry init`
    /// @throws CommandException when it was not
    public static Deployment read(Path folder) throws CommandException {
        var file = folder.resolve(FILE);
        var text = NewFiles.read(file);
        try {
            var services = new ArrayList<Service>();
            for (var node : JSON.readTree(text).path("services")) {
                services.add(new Service(
                        MemberName.parse(text(node, "member")),
                        URI.create(text(node, "address")),
                        URI.create(text(node, "management"))));
            }
            return new Deployment(folder, services);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CommandException(file + " is damaged; create a new deployment with `shareferry init`.", e);
        }
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
