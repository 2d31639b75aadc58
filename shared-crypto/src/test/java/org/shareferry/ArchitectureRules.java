// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
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
    static final ArchRule only_one_class_calls_bouncy_castle_s_operations = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.shareferry.crypto.BouncyCastle")
            .and()
            .haveNameNotMatching("org\\.shareferry\\.crypto\\.BouncyCastle\\$.*")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("org.bouncycastle..").and(resideOutsideOfPackage("org.bouncycastle.asn1..")))
            .because(
                    "its objects are not thread-safe and it reports failures by many exceptions; one class handles both");

    @ArchTest
    static final ArchRule only_x509_reads_asn1 = noClasses()
            .that()
            .resideOutsideOfPackage("org.shareferry.x509")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle.asn1..")
            .because("malformed ASN.1 leads to many exceptions; one package turns them into values");

    @ArchTest
    static final ArchRule only_crypto_uses_the_platform_s_ciphers = noClasses()
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
    static final ArchRule packages_for_unopened_envelopes_cannot_open_them = noClasses()
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
    static final ArchRule no_class_uses_a_framework = noClasses()
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
    static final ArchRule no_static_field_holds_a_secret = fields().that()
            .haveRawType(SecretBytes.class)
            .should()
            .notBeStatic()
            .because("it would never be wiped");

    @ArchTest
    static final ArchRule only_secret_bytes_draws_randomness = noClasses()
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
