// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/// One record of settings, read from its source, so that names, types, defaults and texts are stated once.
///
/// @param prefix what all its settings begin with, such as `shareferry.party`
/// @param about the first paragraph of its doc comment
/// @param settings its settings, in their order
record SettingsRecord(String prefix, String about, List<Setting> settings) {
    private static final String PREFIX = "ConfigurationProperties";

    /// @param file a source file
    /// @param defaults values from `shareferry-service.yml`, by full name
    /// @return the record of settings in it, if it has one
    static Optional<SettingsRecord> read(Path file, Properties defaults) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(file));
            var unit = task.parse().iterator().next();
            for (var type : unit.getTypeDecls()) {
                if (type instanceof ClassTree tree && annotation(tree, PREFIX).isPresent()) {
                    var source = new Source(DocTrees.instance(task), TreePath.getPath(unit, type), defaults);
                    return Optional.of(source.read(annotation(tree, PREFIX).orElseThrow()));
                }
            }
            return Optional.empty();
        }
    }

    private record Source(DocTrees comments, TreePath path, Properties defaults) {
        SettingsRecord read(String prefix) {
            return new SettingsRecord(
                    prefix, texts().getOrDefault("", ""), settings(prefix).toList());
        }

        private ClassTree tree() {
            var tree = (ClassTree) path.getLeaf();
            if (tree.getKind() != Tree.Kind.RECORD) {
                throw new IllegalStateException(tree.getSimpleName() + " must be a record, as all settings are.");
            }
            return tree;
        }

        private Stream<Setting> settings(String prefix) {
            var texts = texts();
            return tree().getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .flatMap(field -> {
                        var name = prefix + "."
                                + SettingTypes.kebab(field.getName().toString());
                        var text = texts.getOrDefault(field.getName().toString(), "");
                        return Stream.concat(Stream.of(setting(name, field, text)), nested(name, field));
                    });
        }

        /// The settings of each named group, where a field is a map of records.
        private Stream<Setting> nested(String name, VariableTree field) {
            return SettingTypes.recordOfMap(field.getType(), tree())
                    .map(group -> new Source(comments, new TreePath(path, group), defaults))
                    .stream()
                    .flatMap(group -> group.settings(name + ".<name>"));
        }

        private Setting setting(String name, VariableTree field, String text) {
            var declared = annotation(field, "DefaultValue").map(value -> value.isEmpty() ? "empty" : code(value));
            var otherwise = Optional.ofNullable(defaults.getProperty(name))
                    .map(Source::code)
                    .or(() -> declared)
                    .or(() -> annotation(field, "Nullable").map(none -> "not set"));
            return new Setting(name, SettingTypes.inWords(field.getType(), tree()) + bounds(field), otherwise, text);
        }

        private static String code(String value) {
            return "`" + value + "`";
        }

        private static String bounds(VariableTree field) {
            return Stream.of(
                            annotation(field, "Min").map(" from %s"::formatted),
                            annotation(field, "Max").map(" to %s"::formatted))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining());
        }

        /// The texts of the doc comment by parameter, each on one line. The first paragraph has the empty name.
        private Map<String, String> texts() {
            var comment = Optional.ofNullable(comments.getDocComment(path)).orElse("");
            var parts = comment.split("(?m)^\\s*@");
            var texts = new HashMap<String, String>();
            texts.put("", line(parts[0].strip().split("\n\\s*\n")[0]));
            Stream.of(parts).skip(1).filter(part -> part.startsWith("param ")).forEach(part -> {
                var words = part.substring("param ".length()).strip().split("\\s", 2);
                texts.put(words[0], words.length < 2 ? "" : line(words[1]));
            });
            return texts;
        }

        private static String line(String text) {
            return text.strip().replaceAll("\\s+", " ");
        }
    }

    /// The values of an annotation, joined; an empty text for an annotation without values.
    private static Optional<String> annotation(Tree tree, String name) {
        var modifiers = tree instanceof ClassTree type ? type.getModifiers() : ((VariableTree) tree).getModifiers();
        return modifiers.getAnnotations().stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
                .map(SettingsRecord::values)
                .findFirst();
    }

    private static String values(AnnotationTree annotation) {
        return annotation.getArguments().stream()
                .map(argument -> argument instanceof AssignmentTree named ? named.getExpression() : argument)
                .flatMap(SettingsRecord::literals)
                .collect(Collectors.joining(","));
    }

    private static Stream<String> literals(ExpressionTree value) {
        return switch (value) {
            case NewArrayTree array -> array.getInitializers().stream().flatMap(SettingsRecord::literals);
            case LiteralTree literal -> Stream.of(literal.getValue().toString());
            default ->
                throw new IllegalStateException(value + " must be a literal, so that the reference can show it.");
        };
    }
}
