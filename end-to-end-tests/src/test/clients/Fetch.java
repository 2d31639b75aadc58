// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

import java.io.FileInputStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shareferry.generated.ApiClient;
import org.shareferry.generated.api.ResultsApi;

/// Prints the values of the newest result with a generated client: address, folder of the client, password of user.p12.
public final class Fetch {
    private Fetch() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[1]);
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        client.setHttpClientBuilder(HttpClient.newBuilder().sslContext(tls(folder, arguments[2].toCharArray())));
        var api = new ResultsApi(client);
        var newest = api.listResults(null, null, 1, 0L, null, null, null, null, null, null).getResults().get(0);
        var result = api.showResult(newest.getId(), String.join(",", newest.getParties()), null, null);
        System.out.println(result.getVerdict() + " " + result.getLabel() + " " + String.join(" ", result.getValues()));
    }

    private static SSLContext tls(Path folder, char[] password) throws Exception {
        var own = KeyStore.getInstance(folder.resolve("user.p12").toFile(), password);
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, password);
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, password);
        try (var in = new FileInputStream(folder.resolve("tls.crt").toFile())) {
            trusted.setCertificateEntry(
                    "service", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
