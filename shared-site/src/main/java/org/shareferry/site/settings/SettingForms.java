// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/// The forms of values, in words.
final class SettingForms {
    private static final Map<Class<?>, String> FORMS = Map.of(
            MemberName.class, "a member's name such as P0, R0 or C0",
            Duration.class, "a time such as 5m",
            DataSize.class, "a size such as 8MB",
            Integer.class, "a whole number",
            int.class, "a whole number",
            Boolean.class, "true or false",
            boolean.class, "true or false",
            Path.class, "a path",
            Protocol.class, "a supported MP-SPDZ protocol (" + Protocol.names() + ")");

    private SettingForms() {}

    /// @return what a value of this type must be
    static String of(ResolvableType type) {
        var found = type.resolve(Object.class);
        if (Collection.class.isAssignableFrom(found)) {
            return of(type.getGeneric(0));
        }
        if (found.isEnum() && !FORMS.containsKey(found)) {
            return Arrays.stream(found.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        return FORMS.getOrDefault(found, "of the form that its documentation describes");
    }
}
