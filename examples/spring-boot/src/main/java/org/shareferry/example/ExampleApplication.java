// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.example;

import java.io.IOException;
import java.nio.file.Path;
import org.shareferry.resultclient.ResultClient;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/// Start it with `--site=…/site/C0`, a client's folder in the output of `shareferry init` or `demo --dir`.
@SpringBootApplication
public class ExampleApplication {
    /// Starts the application.
    public static void main(String[] args) {
        SpringApplication.run(ExampleApplication.class, args);
    }

    /// Closed with the application.
    @Bean
    ResultClient results(@Value("${site}") Path site) throws IOException {
        return ResultClient.ofFolder(site);
    }
}
