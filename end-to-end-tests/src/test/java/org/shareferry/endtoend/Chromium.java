// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ClientCertificate;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Debian's Chromium, driven by Playwright. Playwright's own browsers are not downloaded.
final class Chromium implements AutoCloseable {
    /// A laptop's window, and small enough for a picture in the documents.
    static final Size DESKTOP = new Size(1000, 720);

    static final Size PHONE = new Size(360, 740);

    /// Checks a page for faults that keep people out: https://github.com/dequelabs/axe-core.
    private static final String AXE = resource("/axe.min.js");

    private final Site site;
    private final Playwright playwright;
    private final Browser browser;

    /// @param site whose members' certificates the browser has
    Chromium(Site site) {
        this.site = site;
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable().orElseThrow()));
    }

    /// Of a window, in pixels.
    record Size(int width, int height) {}

    /// @return where Chromium is installed
    static Optional<Path> executable() {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String resource(String name) {
        try (var content = Objects.requireNonNull(Chromium.class.getResourceAsStream(name))) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Opens the page of a member's service with its user's certificate.
    ///
    /// @param hash such as `#/doctor`, or empty
    Tab open(String member, String hash) {
        var user = site.home(member).resolve("user");
        var certificate = new ClientCertificate(site.address(member))
                .setCertPath(Path.of(user + ".crt"))
                .setKeyPath(Path.of(user + ".key"));
        var options = options().setClientCertificates(List.of(certificate));
        return new Tab(browser.newContext(options), site.address(member), hash, AXE);
    }

    /// @return what the browser says when it opens a member's page without a client certificate
    String openWithoutCertificate(String member) {
        try (var context = browser.newContext(options())) {
            var response = context.newPage().navigate(site.address(member) + "/");
            return Integer.toString(response.status());
        } catch (com.microsoft.playwright.PlaywrightException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// A service's certificate signs itself, and people pin it.
    private static Browser.NewContextOptions options() {
        return new Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(true)
                .setColorScheme(ColorScheme.LIGHT)
                .setViewportSize(DESKTOP.width(), DESKTOP.height());
    }

    @Override
    public void close() {
        playwright.close();
    }
}
