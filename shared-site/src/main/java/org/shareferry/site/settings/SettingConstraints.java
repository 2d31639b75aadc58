// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.MessageInterpolator;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/// The constraints of settings: which are violated, the setting of each, and its rule in words.
final class SettingConstraints {
    private static final Validator VALIDATOR = Validation.byProvider(HibernateValidator.class)
            .configure()
            .ignoreXmlConfiguration()
            .messageInterpolator(new UnchangedMessages())
            .buildValidatorFactory()
            .getValidator();

    private SettingConstraints() {}

    /// The library's own messages depend on the locale, so they are not used.
    private static final class UnchangedMessages implements MessageInterpolator {
        @Override
        public String interpolate(String template, Context context) {
            return template;
        }

        @Override
        public String interpolate(String template, Context context, Locale locale) {
            return template;
        }
    }

    static <T> Set<ConstraintViolation<T>> violations(T settings) {
        return VALIDATOR.validate(settings);
    }

    /// @param prefix of the record of settings
    /// @return the setting that violates a rule
    static ConfigurationPropertyName setting(ConfigurationPropertyName prefix, ConstraintViolation<?> violation) {
        var name = prefix;
        for (var node : violation.getPropertyPath()) {
            name = below(name, node);
        }
        return constraint(violation) instanceof AssertTrue
                ? name.getParent().append(dashed(violation.getMessage().split(" ", 2)[0]))
                : name;
    }

    private static ConfigurationPropertyName below(ConfigurationPropertyName name, Path.Node node) {
        var group =
                node.getKey() == null ? name : name.append(group(node.getKey().toString()));
        return node.getKind() == ElementKind.PROPERTY ? group.append(dashed(node.getName())) : group;
    }

    private static String group(String key) {
        return ConfigurationPropertyName.isValid(key) ? key : "[" + key + "]";
    }

    private static String dashed(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /// @return whether a required setting has no value
    static boolean isMissing(ConstraintViolation<?> violation) {
        return switch (constraint(violation)) {
            case NotNull none -> true;
            case NotEmpty none -> true;
            case NotBlank none -> true;
            default -> false;
        };
    }

    /// @return the end of a sentence about the setting; empty if the setting must only have a value
    static Optional<String> rule(ConstraintViolation<?> violation) {
        return switch (constraint(violation)) {
            case Min least -> Optional.of("must be at least " + least.value());
            case Max most -> Optional.of("must be at most " + most.value());
            case DurationMin least -> Optional.of("must be at least " + text(of(least)));
            case DurationMax most -> Optional.of("must be at most " + text(of(most)));
            // Such a rule is about several settings. Its message begins with one of them.
            case AssertTrue several -> Optional.of(violation.getMessage().split(" ", 2)[1]);
            default -> Optional.of(violation.getMessage()).filter(message -> !message.startsWith("{"));
        };
    }

    private static Annotation constraint(ConstraintViolation<?> violation) {
        return violation.getConstraintDescriptor().getAnnotation();
    }

    private static Duration of(DurationMin least) {
        return Duration.ofMinutes(least.minutes()).plusSeconds(least.seconds()).plusMillis(least.millis());
    }

    private static Duration of(DurationMax most) {
        return Duration.ofMinutes(most.minutes()).plusSeconds(most.seconds()).plusMillis(most.millis());
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
