// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/// The page that the type of every problem links to.
@RestController
@Hidden
class ProblemTypesPage {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Problem types</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="ui/page.css">
            </head>
            <body>
            <header><h1>Problem types</h1></header>
            <main>
            <p>A temporary problem disappears by itself. A curable one needs a change. After a final one the same request never
            succeeds.</p>
            <div class="scroll"><table>
            <tr><th>Status</th><th>Type</th><th>Finality</th><th>Title</th><th>What to do</th></tr>
            %s
            </table></div>
            </main>
            </body>
            </html>
            """;

    @GetMapping(path = ProblemType.PAGE, produces = MediaType.TEXT_HTML_VALUE + ";charset=utf-8")
    String page() {
        return PAGE.formatted(
                Stream.of(ProblemType.values()).map(ProblemTypesPage::row).collect(Collectors.joining("\n")));
    }

    private static String row(ProblemType type) {
        return "<tr id=\"%1$s\"><td>%2$d</td><td>%1$s</td><td>%3$s</td><td>%4$s</td><td>%5$s</td></tr>"
                .formatted(
                        type.id(),
                        type.status().value(),
                        type.finality().text(),
                        HtmlUtils.htmlEscape(type.title()),
                        HtmlUtils.htmlEscape(type.advice()));
    }
}
