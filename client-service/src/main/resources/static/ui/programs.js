// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
import { el } from "./page.js";

const curl = (url) => `curl --cert user.crt --key user.key --cacert tls.crt '${url}&numbers=string'`;

const python = (url) => `import json, ssl, urllib.request
tls = ssl.create_default_context(cafile="tls.crt")
tls.load_cert_chain("user.crt", "user.key")
result = json.load(urllib.request.urlopen("${url}", context=tls))
print(result["verdict"], result["values"])  # exact integers`;

const java = (url) => `// In jshell or a program; user.p12 is that of shareferry certificates.
var password = System.console().readPassword("Password of user.p12: ");
var user = java.security.KeyStore.getInstance(new java.io.File("user.p12"), password);
var keys = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
keys.init(user, password);
var pinned = java.security.KeyStore.getInstance("PKCS12");
pinned.load(null, null);
try (var in = new java.io.FileInputStream("tls.crt")) {
    var certificates = java.security.cert.CertificateFactory.getInstance("X.509");
    pinned.setCertificateEntry("service", certificates.generateCertificate(in));
}
var trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
trust.init(pinned);
var tls = javax.net.ssl.SSLContext.getInstance("TLS");
tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("${url}&format=csv")).build();
var http = java.net.http.HttpClient.newBuilder().sslContext(tls).build();
var answer = http.send(request, java.net.http.HttpResponse.BodyHandlers.ofLines());
System.out.println(answer.headers().firstValue("Shareferry-Verdict").orElse(""));
var values = answer.body().skip(1).map(line -> new java.math.BigDecimal(line.split(",")[1])).toList();`;

/** @returns what fetches exactly this result from a program, in the folder of the client */
export function programs(path) {
  const url = location.origin + path;
  return el("section", {},
    el("h3", {}, "The same from a program"),
    el("p", {}, "In the folder with this client's ", el("code", {}, "user.crt"), ", ", el("code", {}, "user.key"), " and ",
      el("code", {}, "tls.crt"), ":"),
    [["curl", curl], ["Python", python], ["Java", java]].map(([name, lines]) => el("details", { id: `with-${name}` },
      el("summary", {}, name), el("pre", { tabindex: 0, role: "region", "aria-label": name }, lines(url)))));
}
