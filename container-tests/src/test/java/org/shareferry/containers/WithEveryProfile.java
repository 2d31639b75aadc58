// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests one deployment with PostgreSQL and Prometheus, started once for all classes with this annotation. They
/// run last, so that its containers do not slow down other classes. Without access to an image registry there is no
/// image of Grafana, so Grafana is not started.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@WithDocker
@Order(Integer.MAX_VALUE)
@ExtendWith(WithEveryProfile.Deployment.class)
@interface WithEveryProfile {
    final class Deployment implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Compose.class;
        }

        @Override
        public Compose resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // JUnit creates the instance of a class before it calls beforeAll.
            WithDocker.Images.build(context);
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Deployment.class))
                    .getOrComputeIfAbsent(Compose.class, ignored -> started(), Compose.class);
        }

        /// JUnit closes it after the last test.
        private static Compose started() {
            var compose = Compose.ofCheckout("shareferry-profiles-test");
            compose.close();
            compose.up("postgres");
            compose.start("observe", "prometheus");
            return compose;
        }
    }
}
