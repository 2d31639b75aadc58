// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.nio.file.Path;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.converter.Converter;

/// Converters for settings, in addition to Spring Boot's own.
public final class SettingConverters {
    private SettingConverters() {}

    /// A path of the file system and nothing else; the prefix `file:` is allowed. Not a lambda, because Spring
    /// needs the type parameters.
    public static final class PathConverter implements Converter<String, Path> {
        @Override
        public Path convert(String text) {
            return Path.of(text.replaceFirst("^file:(//)?", ""));
        }
    }

    /// A member's name such as `P0`.
    public static final class MemberNameConverter implements Converter<String, MemberName> {
        @Override
        public MemberName convert(String text) {
            return MemberName.parse(text);
        }
    }

    /// A protocol by its MP-SPDZ name.
    public static final class ProtocolConverter implements Converter<String, Protocol> {
        @Override
        public Protocol convert(String text) {
            return Protocol.named(text)
                    .orElseThrow(() -> new IllegalArgumentException("A protocol is one of " + Protocol.names() + "."));
        }
    }

    /// Every converter, and Spring Boot's.
    public static ConversionService all() {
        var conversion = new ApplicationConversionService();
        conversion.addConverter(new PathConverter());
        conversion.addConverter(new MemberNameConverter());
        conversion.addConverter(new ProtocolConverter());
        return conversion;
    }
}
