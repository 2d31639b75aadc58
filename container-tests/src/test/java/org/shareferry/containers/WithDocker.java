// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/// Reported as skipped where there is no Docker. The images are built before the first of these classes.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({WithDocker.Condition.class, WithDocker.Images.class})
@Tag("slow")
@interface WithDocker {
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return DockerClientFactory.instance().isDockerAvailable()
                    ? ConditionEvaluationResult.enabled("Docker is available")
                    : ConditionEvaluationResult.disabled("Docker is not available");
        }
    }

    /// `docker compose build`, once.
    final class Images implements BeforeAllCallback {
        private static final Duration TIMEOUT = Duration.ofMinutes(30);

        @Override
        public void beforeAll(ExtensionContext context) {
            build(context);
        }

        static void build(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Images.class))
                    .getOrComputeIfAbsent(
                            Images.class,
                            ignored -> Compose.ofCheckout("shareferry-images-test")
                                    .compose(TIMEOUT, "build")
                                    .orFail());
        }
    }
}
