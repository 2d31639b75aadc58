// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.OpeningKey;
import org.springframework.web.bind.annotation.RestController;

/// What the relay may depend on.
@AnalyzeClasses(packages = "org.shareferry.relay", importOptions = DoNotIncludeTests.class)
class RelayRules {
    private static final Set<String> KEYS_THAT_OPEN = Set.of(
            Hpke.class.getName(),
            BodyKey.class.getName(),
            OpeningKey.class.getName(),
            Hkdf.class.getName(),
            KeyStream.class.getName());

    @ArchTest
    static final ArchRule depends_on_the_outside_of_envelopes_only = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.shareferry.seal..",
                    "org.shareferry.share..",
                    "org.shareferry.check..",
                    "org.shareferry.mpspdz..")
            .because("a relay that cannot open, seal or compute on shares cannot read them");

    @ArchTest
    static final ArchRule holds_no_key_that_opens_an_envelope = noClasses()
            .should()
            .dependOnClassesThat(describe(
                    "open or seal",
                    type -> KEYS_THAT_OPEN.contains(type.getName())
                            || KEYS_THAT_OPEN.stream()
                                    .anyMatch(key -> type.getName().startsWith(key + "$"))))
            .because("envelopes rest at the relay, and it must never be able to open one");

    @ArchTest
    static final ArchRule features_are_free_of_cycles = slices().matching("org.shareferry.relay.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature can be understood only when what it needs does not need it");

    @ArchTest
    static final ArchRule controllers_only_translate = noClasses()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.jdbc..", "javax.sql..", "java.sql..")
            .because("a controller translates HTTP and nothing else");

    @ArchTest
    static final ArchRule controllers_are_nobodys_business = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .bePackagePrivate()
            .because("nothing but HTTP calls a controller");

    @ArchTest
    static final ArchRule knows_jackson_3_only = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..")
            .because("Jackson 2 is on the class path of the API documentation only, and knows none of our types");
}
