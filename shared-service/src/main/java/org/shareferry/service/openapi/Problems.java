// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import org.shareferry.service.problem.ProblemType;

/// The problems that an operation can answer with, besides those common to all operations.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Problems {
    /// The types that every operation can answer with.
    Set<ProblemType> EVERYWHERE = Set.of(
            ProblemType.CERTIFICATE_EXPIRED,
            ProblemType.CERTIFICATE_NOT_TRUSTED,
            ProblemType.MEMBER_UNKNOWN,
            ProblemType.NOT_ALLOWED,
            ProblemType.REQUEST_MALFORMED,
            ProblemType.STORE_BUSY,
            ProblemType.INTERNAL);

    /// @return the types, in any order
    ProblemType[] value();
}
