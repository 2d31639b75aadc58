// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The types of settings, in words.
final class SettingTypes {
    private SettingTypes() {}

    /// @return the type in words
    /// @throws IllegalStateException for a type that has no words yet
    static String inWords(Tree type, ClassTree settings) {
        return switch (type) {
            case AnnotatedTypeTree annotated -> inWords(annotated.getUnderlyingType(), settings);
            case ParameterizedTypeTree map when isMap(map) -> "named groups";
            case ParameterizedTypeTree list ->
                "list: " + inWords(list.getTypeArguments().getFirst(), settings);
            default -> simple(type.toString(), settings);
        };
    }

    private static String simple(String type, ClassTree settings) {
        return switch (type) {
            case "String" -> "text";
            case "MemberName" -> "member";
            case "Protocol" -> "protocol";
            case "boolean" -> "true or false";
            case "int", "Integer" -> "integer";
            case "Path" -> "path";
            case "Duration" -> "duration";
            case "DataSize" -> "size";
            default -> choice(type, settings);
        };
    }

    private static boolean isMap(ParameterizedTypeTree type) {
        return type.getType().toString().equals("Map");
    }

    /// @return the record that is the value of a map, if it is declared within these settings
    static Optional<ClassTree> recordOfMap(Tree type, ClassTree settings) {
        if (!(type instanceof ParameterizedTypeTree map) || !isMap(map)) {
            return Optional.empty();
        }
        var value = map.getTypeArguments().getLast();
        var name = value instanceof AnnotatedTypeTree annotated ? annotated.getUnderlyingType() : value;
        return nested(settings, name.toString(), Tree.Kind.RECORD);
    }

    private static Optional<ClassTree> nested(ClassTree settings, String name, Tree.Kind kind) {
        return settings.getMembers().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(type -> type.getKind() == kind && type.getSimpleName().contentEquals(name))
                .findFirst();
    }

    private static String choice(String type, ClassTree settings) {
        return nested(settings, type, Tree.Kind.ENUM).stream()
                .flatMap(values -> values.getMembers().stream())
                .filter(VariableTree.class::isInstance)
                .map(constant -> ((VariableTree) constant).getName().toString().toLowerCase(Locale.ROOT))
                .reduce((one, other) -> one + " or " + other)
                .orElseThrow(() -> new IllegalStateException("Add words for the type " + type + " to SettingTypes."));
    }

    /// @return the name as it is written in a settings file
    static String kebab(String camel) {
        return camel.chars()
                .mapToObj(c -> Character.isUpperCase(c) ? "-" + (char) Character.toLowerCase(c) : "" + (char) c)
                .collect(Collectors.joining());
    }
}
