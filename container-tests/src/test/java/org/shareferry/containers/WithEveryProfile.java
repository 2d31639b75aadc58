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
import org.junit.jupiter.api.parallel.ResourceLock;

/// Gives tests one deployment with PostgreSQL and Prometheus, started once for all classes that say
/// so, and which run one after the other. Grafana is not among them: there is no image of it where no
/// registry is reached.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@WithDocker
@Order(Integer.MAX_VALUE)
@ResourceLock("the deployment with every profile")
@ExtendWith(WithEveryProfile.Deployment.class)
@interface WithEveryProfile {
    final class Deployment implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Compose.class;
        }

        @Override
        public Compose resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // The instance of a class is made before what comes before all its tests.
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
