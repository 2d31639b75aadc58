// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// What the packages of this module may depend on.
@AnalyzeClasses(packages = "org.shareferry.site", importOptions = DoNotIncludeTests.class)
class SiteRules {
    /// The root package counts as a slice of its own.
    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("org.shareferry.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package can be read without those that build on it");

    @ArchTest
    static final ArchRule only_settings_use_spring = noClasses()
            .that()
            .resideOutsideOfPackage("org.shareferry.site.settings")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta.validation..", "org.hibernate..")
            .because("commands that read no settings start faster without Spring and its validator");
}
