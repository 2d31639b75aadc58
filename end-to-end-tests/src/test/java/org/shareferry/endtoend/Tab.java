// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A page of a service in the browser. When it is closed it fails if the page wrote an error to its console, asked
/// another host for something, or was loaded more than once.
final class Tab implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int DOWNLOADS = 3;
    private static final int PAUSE_MILLIS = 3_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();

    /// @param origin of the service
    /// @param hash such as `#/doctor`, or empty
    /// @param axe the script of axe-core, which the browser adds to the page whatever the page's policy says
    Tab(BrowserContext context, String origin, String hash, String axe) {
        this.context = context;
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        context.addInitScript(axe);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add("console: " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("error: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(origin + "/") && !request.url().startsWith("data:")) {
                complaints.add("another host: " + request.url());
            }
        });
        page.onLoad(loaded -> loads.incrementAndGet());
        page.navigate(origin + "/" + hash);
    }

    Page page() {
        return page;
    }

    Locator main() {
        return page.locator("main");
    }

    /// @return the row of a table in which a text stands
    Locator row(String text) {
        return main().locator("tbody tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    /// @return the row with both texts
    Locator row(String text, String other) {
        return row(text).filter(new Locator.FilterOptions().setHasText(other));
    }

    Locator link(String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    void unfold(String summary) {
        main().locator("summary", new Locator.LocatorOptions().setHasText(summary))
                .click();
    }

    /// In some runs Chromium cancels every download of a tab, for an unknown reason. After three attempts the page
    /// itself
    /// fetches what the link names.
    ///
    /// @return the content of the file that a link gives
    byte[] download(Locator link) {
        for (int attempt = 0; attempt < DOWNLOADS; attempt++) {
            var download = page.waitForDownload(link::click);
            if (!"canceled".equals(download.failure())) {
                try {
                    return Files.readAllBytes(download.path());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            page.waitForTimeout(PAUSE_MILLIS);
        }
        return fetch(link);
    }

    /// @return the content that a link for downloads names
    private static byte[] fetch(Locator link) {
        var base64 = link.evaluate("""
                async (link) => {
                  const response = await fetch(link.href);
                  if (!response.ok || !link.hasAttribute("download")) {
                    throw new Error(`${link.outerHTML}: ${response.status}`);
                  }
                  const bytes = new Uint8Array(await response.arrayBuffer());
                  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
                }""");
        return Base64.getDecoder().decode((String) base64);
    }

    /// @return faults that axe-core calls serious or critical, in the page as it is now
    List<String> barriers() {
        var found = page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                    .filter((violation) => ["serious", "critical"].includes(violation.impact))
                    .map((violation) => violation.id + ": " + violation.nodes.map((node) => node.html).join(" | "))""");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    /// @return how many pixels of the page are beyond the right edge of the window
    int overflow() {
        return ((Number) page.evaluate(
                        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .intValue();
    }

    /// Presses the tabulator until it has gone through the whole page, at most so often.
    ///
    /// @return the names of what had the focus, in order
    List<String> tabulated(int times) {
        var names = new ArrayList<String>();
        for (int i = 0; i < times; i++) {
            page.keyboard().press("Tab");
            names.add((String) page.evaluate("""
                    () => {
                      const at = document.activeElement;
                      return at.getAttribute("aria-label") ?? at.getAttribute("name") ?? at.textContent.trim();
                    }"""));
        }
        return names;
    }

    /// From now on, without loading the page again.
    void prefer(ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    }

    void resize(Chromium.Size size) {
        page.setViewportSize(size.width(), size.height());
    }

    void screenshot(Path file) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).isEmpty();
        assertThat(loads).as("loads of the page").hasValue(1);
    }
}
