# SPDX-FileCopyrightText: The Shareferry authors
# SPDX-License-Identifier: Apache-2.0
#
# The images of the three services and of the command line, one target each: party-service, relay-service,
# client-service, cli. A clean checkout is enough, and BuildKit is not needed.

# For a reproducible build, name both by their digests: --build-arg JRE=eclipse-temurin:25-jre@sha256:...
ARG MAVEN=maven:3-eclipse-temurin-25
ARG JRE=eclipse-temurin:25-jre

# The poms alone: the layer with Maven's downloads is reused until a pom changes. .dockerignore excludes everything that
# is not a source, such as keys.
FROM ${MAVEN} AS poms
WORKDIR /checkout
COPY . .
RUN mkdir /poms && find . -name pom.xml -exec cp --parents '{}' /poms ';' && cp -R .mvn /poms

FROM ${MAVEN} AS build
WORKDIR /build
ENV MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow -Xmx1g" \
    MODULES="shared-crypto,shared-site,diagnostics,stand-in-vm,shared-service,party-service,relay-service,client-library,client-service,cli" \
    FLAGS="-B -q -T1 -DskipTests -Dshareferry.programs-only -Dshareferry.error-prone=-XepDisableAllChecks -Dspotless.check.skip -Djacoco.skip"
COPY --from=poms /poms .
RUN mvn $FLAGS -pl "$MODULES" compile
COPY shared-crypto shared-crypto
COPY shared-site shared-site
COPY diagnostics diagnostics
COPY stand-in-vm stand-in-vm
COPY shared-service shared-service
COPY party-service party-service
COPY relay-service relay-service
COPY client-library client-library
COPY client-service client-service
COPY cli cli
RUN mvn $FLAGS -pl "$MODULES" package
# Separate layers: dependencies change rarely, the project's own classes often.
RUN for service in party-service relay-service client-service; do \
        java -Djarmode=tools -jar "$service/target/$service.jar" extract --layers --destination "/out/$service" && \
        mkdir -p "/out/$service/snapshot-dependencies" || exit 1; \
    done && \
    mkdir -p /out/cli && cp -R cli/target/cli.jar cli/target/lib /out/cli && \
    mkdir -p /out/native /tmp/sqlite && cd /tmp/sqlite && \
    jar xf /out/relay-service/dependencies/lib/sqlite-jdbc-*.jar org/sqlite/native/Linux && \
    cp "org/sqlite/native/Linux/$(uname -m)/libsqlitejdbc.so" /out/native

# The base of all images. The UID needs no passwd entry.
FROM ${JRE} AS base
COPY deploy/image/run deploy/image/store deploy/image/healthy /opt/shareferry/bin/
RUN for folder in member data; do install -d -o 10001 -g 10001 -m 0700 "/$folder"; done
ENTRYPOINT ["/opt/shareferry/bin/run"]

# Runs every program once. The JVMs write AOT caches, which make later starts faster.
FROM base AS training
COPY --from=build /out/native /opt/shareferry/native
COPY --from=build /out/cli /opt/shareferry/cli
COPY --from=build /out/party-service/dependencies /opt/shareferry/party-service
COPY --from=build /out/party-service/snapshot-dependencies /opt/shareferry/party-service
COPY --from=build /out/party-service/application /opt/shareferry/party-service
COPY --from=build /out/relay-service/dependencies /opt/shareferry/relay-service
COPY --from=build /out/relay-service/snapshot-dependencies /opt/shareferry/relay-service
COPY --from=build /out/relay-service/application /opt/shareferry/relay-service
COPY --from=build /out/client-service/dependencies /opt/shareferry/client-service
COPY --from=build /out/client-service/snapshot-dependencies /opt/shareferry/client-service
COPY --from=build /out/client-service/application /opt/shareferry/client-service
COPY deploy/image/train /opt/shareferry/bin/
RUN /opt/shareferry/bin/train /caches

# The base of all services.
FROM base AS service
COPY --from=build /out/native /opt/shareferry/native
# Keys, certificates and roster are mounted in /member; the database is in /data unless the settings name another.
WORKDIR /member
ENV SHAREFERRY_ROSTER=roster.json \
    SHAREFERRY_IDENTITYKEY=identity.pem
USER 10001:10001
VOLUME /data
EXPOSE 8443
HEALTHCHECK --interval=5s --timeout=3s --start-period=180s --retries=3 CMD ["/opt/shareferry/bin/healthy"]

FROM service AS party-service
COPY --from=build /out/party-service/dependencies /opt/shareferry/party-service
COPY --from=build /out/party-service/snapshot-dependencies /opt/shareferry/party-service
COPY --from=build /out/party-service/application /opt/shareferry/party-service
COPY --from=training /caches/party-service.aot /opt/shareferry/party-service/
ENV SHAREFERRY_PROGRAM=party-service SPRING_DATASOURCE_URL=jdbc:sqlite:/data/party.db

FROM service AS relay-service
COPY --from=build /out/relay-service/dependencies /opt/shareferry/relay-service
COPY --from=build /out/relay-service/snapshot-dependencies /opt/shareferry/relay-service
COPY --from=build /out/relay-service/application /opt/shareferry/relay-service
COPY --from=training /caches/relay-service.aot /opt/shareferry/relay-service/
ENV SHAREFERRY_PROGRAM=relay-service SPRING_DATASOURCE_URL=jdbc:sqlite:/data/relay.db

FROM service AS client-service
COPY --from=build /out/client-service/dependencies /opt/shareferry/client-service
COPY --from=build /out/client-service/snapshot-dependencies /opt/shareferry/client-service
COPY --from=build /out/client-service/application /opt/shareferry/client-service
COPY --from=training /caches/client-service.aot /opt/shareferry/client-service/
ENV SHAREFERRY_PROGRAM=client-service SPRING_DATASOURCE_URL=jdbc:sqlite:/data/client.db \
    SHAREFERRY_CLIENT_KEYS=/data/keys

FROM base AS cli
COPY --from=build /out/native /opt/shareferry/native
COPY --from=build /out/cli /opt/shareferry/cli
COPY --from=training /caches/cli.aot /opt/shareferry/cli/
# A new volume takes the owner and mode of the folder that it is mounted on: these are empty and writable for the user below.
RUN for folder in P0 P1 R0 C0 users monitors; do install -d -o 10001 -g 10001 -m 0700 "/deployment/$folder"; done && \
    chown 10001:10001 /deployment
ENV SHAREFERRY_PROGRAM=cli
USER 10001:10001
WORKDIR /deployment
