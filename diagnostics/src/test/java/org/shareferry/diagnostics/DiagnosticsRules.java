// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/// What the packages of this module may depend on.
@AnalyzeClasses(packages = "org.shareferry.diagnostics", importOptions = DoNotIncludeTests.class)
class DiagnosticsRules {
    /// The root package counts as a slice of its own.
    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("org.shareferry.(**)")
            .should()
            .beFreeOfCycles()
            .because("a check can be read without those that build on it");

    @ArchTest
    static final ArchRule checks_read_no_settings = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.shareferry.site.settings..")
            .because("the caller reads the settings, and passes a MemberSite");

    @ArchTest
    static final ArchRule checks_do_not_read_the_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("the caller passes the time, so that tests can set it");
}
