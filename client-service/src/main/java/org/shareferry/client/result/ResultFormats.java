// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Selects media types by the query parameter `format`, because a link in a browser cannot set a header.
@Configuration(proxyBeanMethods = false)
class ResultFormats implements WebMvcConfigurer {
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer
                .favorParameter(true)
                .parameterName("format")
                .useRegisteredExtensionsOnly(true)
                .mediaType("json", MediaType.APPLICATION_JSON)
                .mediaType("csv", MediaType.parseMediaType("text/csv"))
                .mediaType("npy", MediaType.parseMediaType(NpyFormat.MEDIA_TYPE))
                .mediaType("raw", MediaType.APPLICATION_OCTET_STREAM);
    }
}
