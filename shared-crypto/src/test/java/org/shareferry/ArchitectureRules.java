// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import org.shareferry.crypto.SecretBytes;

/// What may depend on what in this module, and what no class of it may hold.
@AnalyzeClasses(packages = "org.shareferry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureRules {
    @ArchTest
    static final ArchRule one_class_touches_the_provider = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.shareferry.crypto.BouncyCastle")
            .and()
            .haveNameNotMatching("org\\.shareferry\\.crypto\\.BouncyCastle\\$.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..")
            .because("its objects are not safe for threads and its refusals are many; one class knows both");

    @ArchTest
    static final ArchRule the_platform_s_ciphers_stay_in_crypto = noClasses()
            .that()
            .resideOutsideOfPackage("org.shareferry.crypto")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..", "java.security")
            .because("keys and nonces are bound to their purpose in one package, where their tests are");

    @ArchTest
    static final ArchRule packages_form_no_cycle = slices().matching("org.shareferry.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a relay takes the envelope without the seal, and that must stay possible");

    @ArchTest
    static final ArchRule the_outside_of_an_envelope_opens_none = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.shareferry.envelope",
                    "org.shareferry.delivery",
                    "org.shareferry.member",
                    "org.shareferry.receipt")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.shareferry.seal", "org.shareferry.share", "org.shareferry.check")
            .because("the relay needs the outside of envelopes and must not come near their bodies");

    @ArchTest
    static final ArchRule there_is_no_framework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta..", "org.slf4j..", "java.sql..", "java.net.http..")
            .because("services and command line share this module, and nothing in it may log or call out");

    @ArchTest
    static final ArchRule records_hold_no_arrays = fields().that()
            .areDeclaredInClassesThat()
            .areRecords()
            .should()
            .notHaveRawType(byte[].class)
            .andShould()
            .notHaveRawType(long[].class)
            .andShould()
            .notHaveRawType(int[].class)
            .because("a record compares and prints its components: public bytes are Bytes, secret ones SecretBytes");

    @ArchTest
    static final ArchRule no_secret_lives_as_long_as_the_program = fields().that()
            .haveRawType(SecretBytes.class)
            .should()
            .notBeStatic()
            .because("it would never be wiped");

    @ArchTest
    static final ArchRule randomness_comes_from_one_place = noClasses()
            .that()
            .areNotAssignableTo(SecretBytes.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .callMethod(Math.class, "random")
            .because("keys come from the platform's cryptographic generator, which SecretBytes asks");

    @ArchTest
    static final ArchRule nothing_reads_the_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .because("whoever calls gives the moment, so that tests can set it");

    @ArchTest
    static final ArchRule nothing_is_printed =
            NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("what goes to a console may be a share");
}
